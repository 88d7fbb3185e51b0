using HepBridge.Diagnostics;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipeline;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Where metrics are read from: counters that the agent has anyway.</summary>
/// <param name="Agent">The running agent.</param>
/// <param name="Started">Since when it counts.</param>
internal sealed record MetricSource(Agent Agent, DateTimeOffset Started)
{
    public PipelineCounters Counters => Agent.Pipeline.Counters;

    public EventPipeline Pipeline => Agent.Pipeline;

    public IReadOnlyList<IInput> Inputs => Agent.Inputs;

    public IReadOnlyList<IOutput> Outputs => Agent.Outputs;
}
