using System.Globalization;
using System.Net.Sockets;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>
/// Reports the service's state to systemd (sd_notify): started, alive, stopping. Does nothing outside a <c>Type=notify</c> service. systemd restarts a service that
/// is silent for as long as the watchdog (<c>WatchdogSec</c>); zero: never.
/// </summary>
internal sealed class ServiceManager(ISystemdNotifier notifier, TimeSpan watchdog, TimeProvider time, ILogger<ServiceManager> logger)
{
    // Time for the rest of a stop after the outputs: closing sockets and the page, logging totals.
    private static readonly TimeSpan _closing = TimeSpan.FromSeconds(10);
    private long _lastAlive = time.GetTimestamp();

    /// <summary>For the service manager that started this process, if any.</summary>
    public static ServiceManager FromProcess(TimeProvider time, ILogger<ServiceManager> logger) =>
        new(new SystemdNotifier(), WatchdogOf(Environment.GetEnvironmentVariable, Environment.ProcessId), time, logger);

    /// <summary>The watchdog's limit from systemd: <c>WATCHDOG_USEC</c>, unless <c>WATCHDOG_PID</c> names another process.</summary>
    public static TimeSpan WatchdogOf(Func<string, string?> variable, int processId) =>
        long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
        && (variable("WATCHDOG_PID") is not { Length: > 0 } pid || pid == processId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(microseconds)
            : TimeSpan.Zero;

    /// <summary>Outputs are open; inputs are connected or keep trying.</summary>
    public void Started() => Notify(ServiceState.Ready);

    /// <summary>Called with each tick of the pipeline: pings the watchdog twice within its limit.</summary>
    public void Tick()
    {
        if (watchdog > TimeSpan.Zero && time.GetElapsedTime(_lastAlive) >= watchdog / 2)
        {
            _lastAlive = time.GetTimestamp();
            Notify(new ServiceState("WATCHDOG=1"));
        }
    }

    /// <summary>Asks for the time that the outputs may need to drain, regardless of <c>TimeoutStopSec</c>.</summary>
    public void Stopping(TimeSpan shutdownTimeout) => Notify(new ServiceState(string.Create(
        CultureInfo.InvariantCulture, $"STOPPING=1\nEXTEND_TIMEOUT_USEC={(shutdownTimeout + _closing).TotalMicroseconds:0}")));

    private void Notify(ServiceState state)
    {
        if (!notifier.IsEnabled)
        {
            return;
        }

        try
        {
            notifier.Notify(state);
        }
        catch (SocketException e)
        {
            Log.ServiceManagerFailed(logger, e.Message);
        }
    }
}
