using System.Net.Sockets;
using HepBridge.Hosting;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Hosting;

public sealed class ServiceManagerTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly KeptLog _log = new();
    private readonly Notifications _systemd = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Without_a_watchdog_ticks_send_nothing()
    {
        ServiceManager manager = Make(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromHours(1));
        manager.Tick();
        Assert.Empty(_systemd.Sent);
    }

    [Fact]
    public void Ticks_ping_the_watchdog_twice_within_its_limit()
    {
        ServiceManager manager = Make(TimeSpan.FromSeconds(30));
        for (int tick = 0; tick < 120; tick++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            manager.Tick();
        }

        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1"], _systemd.Sent);
    }

    [Fact]
    public void A_stop_asks_for_the_time_that_the_outputs_may_take_and_10_s_more()
    {
        Make(TimeSpan.Zero).Stopping(TimeSpan.FromSeconds(45));
        Assert.Equal(["STOPPING=1\nEXTEND_TIMEOUT_USEC=55000000"], _systemd.Sent);
    }

    [Fact]
    public void A_start_is_notified_once_complete()
    {
        Make(TimeSpan.Zero).Started();
        Assert.Equal(["READY=1"], _systemd.Sent);
    }

    [Fact]
    public void Nothing_is_sent_without_a_service_manager()
    {
        _systemd.IsEnabled = false;
        Make(TimeSpan.Zero).Started();
        Assert.Empty(_systemd.Sent);
    }

    [Fact]
    public void An_unreachable_service_manager_is_a_warning()
    {
        _systemd.IsBroken = true;
        Make(TimeSpan.Zero).Started();
        Assert.Contains("Could not notify systemd", _log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "7", 30)]
    [InlineData("30000000", "8", 0)]
    [InlineData(null, null, 0)]
    [InlineData("-1", null, 0)]
    [InlineData("soon", null, 0)]
    public void The_watchdog_comes_from_the_environment_if_meant_for_this_process(string? limit, string? pid, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ServiceManager.WatchdogOf(name => name == "WATCHDOG_USEC" ? limit : name == "WATCHDOG_PID" ? pid : null, 7));

    private ServiceManager Make(TimeSpan watchdog) => new(_systemd, watchdog, _time, new Logger<ServiceManager>(_log));

    private sealed class Notifications : ISystemdNotifier
    {
        public List<string> Sent { get; } = [];

        public bool IsEnabled { get; set; } = true;

        public bool IsBroken { get; set; }

        public void Notify(ServiceState state)
        {
            if (IsBroken)
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            Sent.Add(state.ToString());
        }
    }
}
