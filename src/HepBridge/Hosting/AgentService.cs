using System.Runtime.InteropServices;
using System.Threading.Channels;
using HepBridge.Configuration;
using HepBridge.Configuration.Tables;
using HepBridge.Diagnostics;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The agent as a service: starts, ticks, reloads and stops it with its endpoints, and logs statistics.</summary>
/// <remarks>
/// Composed by hand: in a native program, a service container builds its generic types at run time, which took a third of the startup's CPU time
/// and 3 MB.
/// </remarks>
internal sealed class AgentService : IDisposable
{
    private static readonly TimeSpan _tickInterval = TimeSpan.FromMilliseconds(250);
    private readonly ConfigurationSource _source;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ILogger _logger;
    private readonly AgentHealth _health;
    private readonly AgentEndpoints _endpoints;
    private readonly ServiceManager _manager;

    public AgentService(AgentConfiguration configuration, ConfigurationSource source, LogLevelSwitch level, ILoggerFactory loggers)
    {
        _source = source;
        _logger = loggers.CreateLogger<AgentService>();
        Agent = AgentHosting.CreateAgent(configuration, level, loggers);
        _health = new AgentHealth(Agent, _time);
        _endpoints = new AgentEndpoints(Agent, new MetricsEndpoint(Agent, _health, OtlpEnvironment.FromProcess(), loggers, _time), loggers, _time);
        _manager = ServiceManager.FromProcess(_time, loggers.CreateLogger<ServiceManager>());
    }

    public Agent Agent { get; }

    /// <summary>Runs until canceled: 0 after a clean stop, 1 if the agent could not start or failed.</summary>
    public async Task<int> RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunToEndAsync(stoppingToken);
            return 0;
        }
        catch (Exception e) when (e is SpoolRefusedException or IOException or ArgumentException)
        {
            // A configured resource is unavailable: a spool, a port.
            Log.CannotStart(_logger, e.Message);
        }
        catch (Exception e)
        {
            Log.Failed(_logger, e);
        }
        finally
        {
            // Those of a start that failed are still open.
            await _endpoints.StopAsync();
        }

        return 1;
    }

    public void Dispose() => Agent.Dispose();

    private async Task RunToEndAsync(CancellationToken stoppingToken)
    {
        Statistics statistics = new(Agent, _logger);
        ReloadQueue reloads = new(ReloadAsync);
        ConfigurationWatcher? watcher = _source.Path is null
            ? null
            : new ConfigurationWatcher(_source.Path, _source.Environment, _source.Sections, _time, _logger, reloads.Add);
        using PosixSignalRegistration? signal = watcher is null || OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                watcher.Reload();
            });
        try
        {
            await _endpoints.StartAsync(stoppingToken);
            await Agent.StartAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped during the start.
            return;
        }

        try
        {
            reloads.Start();
            watcher?.Start();
            _manager.Started();
            await TickAsync(statistics, stoppingToken);
        }
        finally
        {
            watcher?.Dispose();
            await reloads.StopAsync();
            _manager.Stopping(Agent.Configuration.ShutdownTimeout);
            await Agent.StopAsync();
            await _endpoints.StopAsync();
            statistics.WriteTotals();
        }
    }

    private async Task TickAsync(Statistics statistics, CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_tickInterval, _time);

        // Ends the loop without an exception.
        using CancellationTokenRegistration stop = stoppingToken.Register(timer.Dispose);
        long last = _time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            lock (Agent.Pipeline.Gate)
            {
                Agent.Pipeline.Tick();
            }

            foreach (IInput input in Agent.Inputs)
            {
                input.Tick();
            }

            _health.Tick();
            _manager.Tick();
            TimeSpan interval = Agent.Configuration.StatisticsInterval;
            TimeSpan since = _time.GetElapsedTime(last);
            if (interval > TimeSpan.Zero && since >= interval)
            {
                last = _time.GetTimestamp();
                statistics.WriteInterval(since);
            }
        }
    }

    private async Task ReloadAsync(AgentConfiguration next)
    {
        try
        {
            AgentConfiguration before = Agent.Configuration;
            await Agent.ApplyAsync(next);
            await _endpoints.ApplyAsync(before, next, CancellationToken.None);
            Log.Reloaded(_logger);
        }
        catch (Exception e)
        {
            Log.ReloadFailed(_logger, e);
        }
    }
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
