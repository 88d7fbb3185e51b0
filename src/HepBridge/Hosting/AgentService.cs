using System.Runtime.InteropServices;
using System.Threading.Channels;
using HepBridge.Configuration;
using HepBridge.Configuration.Tables;
using HepBridge.Diagnostics;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The agent as a hosted service: starts, ticks, reloads and stops it, and logs statistics.</summary>
internal sealed class AgentService(
    Agent agent, AgentEndpoints endpoints, AgentHealth health, AgentExit exit, ConfigurationSource source, ServiceManager manager, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<AgentService> logger)
    : BackgroundService
{
    private static readonly TimeSpan _tickInterval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception e) when (e is SpoolRefusedException or IOException or ArgumentException)
        {
            // A configured resource is unavailable: a spool, a port.
            Log.CannotStart(logger, e.Message);
            exit.Code = 1;
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
            exit.Code = 1;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        Statistics statistics = new(agent, logger);
        ReloadQueue reloads = new(ReloadAsync);
        ConfigurationWatcher? watcher = source.Path is null
            ? null
            : new ConfigurationWatcher(source.Path, source.Environment, source.Sections, time, logger, reloads.Add);
        using PosixSignalRegistration? signal = watcher is null || OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                watcher.Reload();
            });
        await endpoints.StartAsync(stoppingToken);
        await agent.StartAsync(stoppingToken);
        try
        {
            reloads.Start();
            watcher?.Start();
            manager.Started();
            await TickAsync(statistics, stoppingToken);
        }
        finally
        {
            watcher?.Dispose();
            await reloads.StopAsync();
            manager.Stopping(agent.Configuration.ShutdownTimeout);
            await agent.StopAsync();
            await endpoints.StopAsync();
            statistics.WriteTotals();
        }
    }

    private async Task TickAsync(Statistics statistics, CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_tickInterval, time);
        long last = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                lock (agent.Pipeline.Gate)
                {
                    agent.Pipeline.Tick();
                }

                foreach (IInput input in agent.Inputs)
                {
                    input.Tick();
                }

                health.Tick();
                manager.Tick();
                TimeSpan interval = agent.Configuration.StatisticsInterval;
                TimeSpan since = time.GetElapsedTime(last);
                if (interval > TimeSpan.Zero && since >= interval)
                {
                    last = time.GetTimestamp();
                    statistics.WriteInterval(since);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stop requested.
        }
    }

    private async Task ReloadAsync(AgentConfiguration next)
    {
        try
        {
            AgentConfiguration before = agent.Configuration;
            await agent.ApplyAsync(next);
            await endpoints.ApplyAsync(before, next, CancellationToken.None);
            Log.Reloaded(logger);
        }
        catch (Exception e)
        {
            Log.ReloadFailed(logger, e);
        }
    }
}

/// <summary>The process's exit code once the host has stopped.</summary>
internal sealed class AgentExit
{
    public int Code { get; set; }
}

/// <summary>Where the configuration came from, to reload it. Without a path it did not come from a file, and cannot change.</summary>
internal sealed record ConfigurationSource(string? Path, ConfigurationEnvironment Environment, Sections Sections);

/// <summary>Applies new configurations one at a time, in order. A newer one replaces any that has not been started yet.</summary>
/// <param name="apply">Applies one; must not throw.</param>
internal sealed class ReloadQueue(Func<AgentConfiguration, Task> apply)
{
    private readonly Channel<AgentConfiguration> _waiting =
        Channel.CreateBounded<AgentConfiguration>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private Task _running = Task.CompletedTask;
    private volatile bool _isStopped;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Thread-safe.</summary>
    public void Add(AgentConfiguration next) => _waiting.Writer.TryWrite(next);

    /// <summary>Waits for the one in progress; no more are applied.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        _waiting.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        await foreach (AgentConfiguration next in _waiting.Reader.ReadAllAsync())
        {
            if (_isStopped)
            {
                return;
            }

            await apply(next);
        }
    }
}
