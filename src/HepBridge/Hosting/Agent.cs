using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipelines;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The running agent: inputs, pipeline and outputs of one configuration, changed into those of the next without losing what stays.</summary>
internal sealed class Agent(
    AgentConfiguration first, Pipeline pipeline, OutputFactory outputs, InputFactory inputs, LogLevelSwitch level, ILoggerFactory loggers)
    : IDisposable
{
    private readonly ILogger _log = loggers.CreateLogger<Agent>();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<string, RunningInput> _inputs = [];
    private readonly Dictionary<string, (HepOutputConfiguration Configuration, IOutput Output)> _outputs = [];
    private CancellationToken _stopping;

    /// <summary>What it goes by now.</summary>
    public AgentConfiguration Configuration { get; private set; } = first;

    public IReadOnlyList<IInput> Inputs => [.. _inputs.Values.Select(running => running.Input)];

    public IReadOnlyList<IOutput> Outputs => [.. _outputs.Values.Select(entry => entry.Output)];

    public Pipeline Pipeline => pipeline;

    /// <summary>Starts outputs, then inputs: no event comes before its packet can go.</summary>
    public async Task StartAsync(CancellationToken stopping)
    {
        _stopping = stopping;
        foreach (string line in ConfigurationSummary.Lines(Configuration))
        {
            Log.Summary(_log, line);
        }

        await ApplyAsync(Configuration);
    }

    /// <summary>Goes by another configuration from now on.</summary>
    public async Task ApplyAsync(AgentConfiguration next)
    {
        await _changing.WaitAsync(CancellationToken.None);
        try
        {
            level.Level = next.LogLevel;
            List<IOutput> ended = ApplyOutputs(next);
            await ApplyInputsAsync(next);
            Configuration = next;
            foreach (IOutput output in ended)
            {
                await EndAsync(output, next.ShutdownTimeout);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Inputs end, what waits is counted, outputs send what they can until the time is over.</summary>
    public async Task StopAsync()
    {
        await _changing.WaitAsync(CancellationToken.None);
        try
        {
            foreach (RunningInput running in _inputs.Values)
            {
                await running.DisposeAsync();
            }

            lock (pipeline.Gate)
            {
                pipeline.DropAllHeld();
                pipeline.EndBatch();
            }

            await Task.WhenAll(Outputs.Select(output => EndAsync(output, Configuration.ShutdownTimeout)));
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private List<IOutput> ApplyOutputs(AgentConfiguration next)
    {
        var wanted = next.Outputs.ToDictionary(configuration => configuration.Identity);
        List<IOutput> ended = [];
        foreach ((string identity, (HepOutputConfiguration configuration, IOutput output)) in _outputs.ToArray())
        {
            if (!wanted.TryGetValue(identity, out HepOutputConfiguration? now) || !now.IsSameAs(configuration))
            {
                ended.Add(output);
                _outputs.Remove(identity);
            }
        }

        foreach ((string identity, HepOutputConfiguration configuration) in wanted)
        {
            if (!_outputs.ContainsKey(identity))
            {
                _outputs.Add(identity, (configuration, outputs.Create(configuration)));
            }
        }

        IOutput[] all = [.. Outputs];
        if (next.LogLevel <= LogLevel.Debug)
        {
            all = [.. all, new PacketLog(loggers.CreateLogger<PacketLog>())];
        }

        lock (pipeline.Gate)
        {
            pipeline.Outputs = all;
            pipeline.Apply(next.Calls);
        }

        return ended;
    }

    private async Task ApplyInputsAsync(AgentConfiguration next)
    {
        Dictionary<string, EslInputConfiguration> esl = next.EslInputs.ToDictionary(configuration => configuration.Identity);
        Dictionary<string, MulticastInputConfiguration> multicast = next.MulticastInputs.ToDictionary(configuration => configuration.Identity);
        foreach ((string identity, RunningInput running) in _inputs.ToArray())
        {
            if (running.Input is EslInput socket && esl.TryGetValue(identity, out EslInputConfiguration? now) && now.IsSameConnection(socket.Configuration))
            {
                await socket.ApplyAsync(now, _stopping);
            }
            else if (running.Input is MulticastInput group && multicast.TryGetValue(identity, out MulticastInputConfiguration? then)
                && then.IsSameReceiver(group.Configuration))
            {
                group.Apply(then);
            }
            else
            {
                _inputs.Remove(identity);
                await running.DisposeAsync();
            }
        }

        lock (pipeline.Gate)
        {
            pipeline.FilterDuplicates = next.EslInputs.Count + next.MulticastInputs.Sum(configuration => configuration.Addresses.Count) > 1;
        }

        foreach ((string identity, EslInputConfiguration configuration) in esl)
        {
            StartIfNew(identity, () => inputs.Create(configuration));
        }

        foreach ((string identity, MulticastInputConfiguration configuration) in multicast)
        {
            StartIfNew(identity, () => inputs.Create(configuration));
        }
    }

    private void StartIfNew(string identity, Func<IInput> create)
    {
        if (!_inputs.ContainsKey(identity))
        {
            var running = new RunningInput(create(), _stopping);
            _inputs.Add(identity, running);
            running.Start();
        }
    }

    private async Task EndAsync(IOutput output, TimeSpan limit)
    {
        using var time = new CancellationTokenSource(limit);
        await output.DrainAsync(time.Token);
        await output.DisposeAsync();
        OutputCounters counters = output.Counters;
        Log.OutputEnded(_log, output.Name, counters.Sent, counters.DroppedTotal, counters.Spooled);
    }
}
