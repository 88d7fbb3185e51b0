using System.Runtime.InteropServices;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Inputs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The agent as the host's service: starts it, keeps its clock ticking, reloads, writes the statistics, stops it.</summary>
internal sealed class AgentService(Agent agent, ConfigurationSource source, TimeProvider time, ILogger<AgentService> log) : BackgroundService
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var statistics = new Statistics(agent, log);
        ConfigurationWatcher? watcher = source.Path is null
            ? null
            : new ConfigurationWatcher(source.Path, source.Environment, time, log, next => _ = ReloadAsync(next));
        using PosixSignalRegistration? signal = watcher is null || OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                watcher.Reload();
            });
        try
        {
            await agent.StartAsync(stoppingToken);
            watcher?.Start();
            await TickAsync(statistics, stoppingToken);
        }
        finally
        {
            watcher?.Dispose();
            await agent.StopAsync();
            statistics.WriteTotals();
        }
    }

    private async Task TickAsync(Statistics statistics, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TickInterval, time);
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
            // Asked to stop.
        }
    }

    private async Task ReloadAsync(AgentConfiguration next)
    {
        try
        {
            await agent.ApplyAsync(next);
            Log.Reloaded(log);
        }
        catch (Exception e)
        {
            Log.ReloadFailed(log, e);
        }
    }
}
