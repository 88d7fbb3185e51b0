using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The running agent: inputs, pipeline and outputs of one configuration. A reload replaces only what changed.</summary>
internal sealed class Agent : IDisposable
{
    private readonly EventPipeline _pipeline;
    private readonly InputServices _inputServices;
    private readonly LogLevelSwitch _level;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OutputSet _outputs;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<string, RunningInput> _inputs = [];
    private IInput[] _inputList = [];
    private IOutput[] _extras = [];
    private CancellationToken _stopping;

    public Agent(
        AgentConfiguration first, EventPipeline pipeline, OutputFactory outputs, InputKinds inputs, InputServices inputServices, LogLevelSwitch level, ILoggerFactory loggers,
        TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Configuration = first;
        _pipeline = pipeline;
        InputKinds = inputs;
        _inputServices = inputServices;
        _level = level;
        _logger = loggers.CreateLogger<Agent>();
        _outputs = new OutputSet(outputs, Exchange, loggers.CreateLogger<OutputSet>());
    }

    public AgentConfiguration Configuration { get; private set; }

    public InputKinds InputKinds { get; }

    public IReadOnlyList<IInput> Inputs => Volatile.Read(ref _inputList);

    public IReadOnlyList<IOutput> Outputs => _outputs.Outputs;

    /// <summary>Log messages dropped because the log's reader did not keep up.</summary>
    public long LogDropped => _level.Dropped();

    /// <summary>Outputs in addition to those of the configuration.</summary>
    public IReadOnlyList<IOutput> Extras => _extras;

    public EventPipeline Pipeline => _pipeline;

    /// <summary>Adds an output to those of the configuration, such as the page. Call before the start.</summary>
    public void AddOutput(IOutput output) => _extras = [.. _extras, output];

    /// <summary>Starts outputs, then inputs, so that packets can be sent before events arrive.</summary>
    /// <exception cref="Outputs.Spooling.SpoolRefusedException">A spool cannot be used; nothing was started.</exception>
    public async Task StartAsync(CancellationToken stopping)
    {
        _stopping = stopping;
        foreach (string line in ConfigurationSummary.Lines(Configuration))
        {
            Log.Summary(_logger, line);
        }

        await _outputs.StartAsync(Configuration.Outputs);
        await ApplyInputsAsync(Configuration);
    }

    public async Task ApplyAsync(AgentConfiguration next)
    {
        await _changing.WaitAsync(CancellationToken.None);
        try
        {
            _level.Level = next.LogLevel;
            lock (_pipeline.Gate)
            {
                _pipeline.Apply(next.Calls);
            }

            await ApplyInputsAsync(next);
            Configuration = next;
            using CancellationTokenSource drain = new(next.ShutdownTimeout);
            await _outputs.ApplyAsync(next.Outputs, drain.Token);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops inputs, counts held events as lost, and drains outputs until the timeout; what remains is spooled where possible.</summary>
    public async Task StopAsync()
    {
        await _changing.WaitAsync(CancellationToken.None);
        try
        {
            await Task.WhenAll(_inputs.Values.Select(running => running.DisposeAsync().AsTask()));
            _inputs.Clear();
            lock (_pipeline.Gate)
            {
                _pipeline.DropAllHeld();
                _pipeline.EndBatch();
            }

            using CancellationTokenSource drain = new(Configuration.ShutdownTimeout);
            await _outputs.DrainAsync(drain.Token);
            await _outputs.DisposeAsync();
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private void Exchange(IOutput[] outputs)
    {
        lock (_pipeline.Gate)
        {
            _pipeline.Outputs = [.. outputs, .. _extras];
        }
    }

    private async Task ApplyInputsAsync(AgentConfiguration next)
    {
        Dictionary<string, InputConfiguration> wanted = next.Inputs.ToDictionary(configuration => configuration.Identity);
        foreach ((string identity, RunningInput running) in _inputs.ToArray())
        {
            if (!wanted.TryGetValue(identity, out InputConfiguration? configuration) || !await running.Input.TryApplyAsync(configuration, _stopping))
            {
                _inputs.Remove(identity);
                await running.DisposeAsync();
            }
        }

        lock (_pipeline.Gate)
        {
            _pipeline.FilterDuplicates = next.Inputs.Sum(configuration => configuration.EventPaths) > 1;
        }

        foreach ((string identity, InputConfiguration configuration) in wanted)
        {
            if (!_inputs.ContainsKey(identity))
            {
                RunningInput running = new(InputKinds.Create(configuration, _inputServices), _time, _logger, _stopping);
                _inputs.Add(identity, running);
                running.Start();
            }
        }

        Volatile.Write(ref _inputList, [.. _inputs.Values.Select(running => running.Input)]);
    }
}

/// <summary>An input and its supervised task.</summary>
internal sealed class RunningInput : IAsyncDisposable
{
    private readonly CancellationTokenSource _lifetime;
    private readonly Supervised _work;
    private Task _running = Task.CompletedTask;

    public RunningInput(IInput input, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        Input = input;
        _lifetime = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _work = new Supervised($"The input {input.Identity}", input.RunAsync, time, log);
        input.Binding.Work = _work;
    }

    public IInput Input { get; }

    public void Start() => _running = Task.Run(() => _work.RunAsync(_lifetime.Token), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _running;
        Input.Dispose();
        _lifetime.Dispose();
    }
}
