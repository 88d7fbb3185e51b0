using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Outputs;
using HepBridge.Tests.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Hosting;

/// <summary>A running agent of a configuration in text, without a host.</summary>
internal sealed class AgentRig : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    private AgentRig(string json, TimeProvider inputTime)
    {
        AgentConfiguration configuration = Reading.Good(json);
        ILoggerFactory loggers = NullLoggerFactory.Instance;
        var pipeline = new HepBridge.Pipeline.EventPipeline(configuration.Calls, TimeProvider.System, loggers.CreateLogger<HepBridge.Pipeline.EventPipeline>());
        Agent = new Agent(
            configuration, pipeline, new OutputFactory(loggers, TimeProvider.System), new InputFactory(pipeline, inputTime, loggers),
            new LogLevelSwitch(LogLevel.Information), loggers);
    }

    public Agent Agent { get; }

    public IOutput Output => Agent.Outputs[0];

    /// <summary>Starts it; with another clock for its inputs no login can take too long.</summary>
    public static async Task<AgentRig> StartAsync(string json, TimeProvider? inputTime = null)
    {
        var rig = new AgentRig(json, inputTime ?? TimeProvider.System);
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
