using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Outputs;
using HepBridge.Tests.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Hosting;

/// <summary>A running agent, without a host, configured by text.</summary>
internal sealed class AgentRig : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    private AgentRig(AgentConfiguration configuration, TimeProvider inputTime, InputKinds kinds, ILoggerFactory loggers)
    {
        HepBridge.Pipeline.EventPipeline pipeline = new(configuration.Calls, TimeProvider.System, loggers.CreateLogger<HepBridge.Pipeline.EventPipeline>());
        Agent = new Agent(
            configuration, pipeline, new OutputFactory(loggers, TimeProvider.System), kinds, new InputServices(pipeline, inputTime, loggers),
            new LogLevelSwitch(LogLevel.Information), loggers);
    }

    public Agent Agent { get; }

    public IOutput Output => Agent.Outputs[0];

    /// <summary>Starts it; with a separate clock for its inputs, no login can time out.</summary>
    public static Task<AgentRig> StartAsync(string json, TimeProvider? inputTime = null, ILoggerFactory? loggers = null) =>
        StartAsync(Reading.Good(json), inputTime ?? TimeProvider.System, InputKinds.BuiltIn, loggers);

    /// <summary>Starts an agent with these kinds of input.</summary>
    public static async Task<AgentRig> StartAsync(AgentConfiguration configuration, TimeProvider inputTime, InputKinds kinds, ILoggerFactory? loggers = null)
    {
        AgentRig rig = new(configuration, inputTime, kinds, loggers ?? NullLoggerFactory.Instance);
        await rig.Agent.StartAsync(rig._stopping.Token);
        return rig;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Agent.StopAsync();
        Agent.Dispose();
        _stopping.Dispose();
    }
}
