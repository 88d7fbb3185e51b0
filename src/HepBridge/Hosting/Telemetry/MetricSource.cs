using HepBridge.Diagnostics;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipeline;

namespace HepBridge.Hosting.Telemetry;

/// <summary>The source of all metrics: counters that the agent keeps anyway.</summary>
/// <param name="Agent">The running agent.</param>
/// <param name="Started">When counting began.</param>
internal sealed record MetricSource(Agent Agent, DateTimeOffset Started)
{
    public PipelineCounters Counters => Agent.Pipeline.Counters;

    public EventPipeline Pipeline => Agent.Pipeline;

    public IReadOnlyList<IInput> Inputs => Agent.Inputs;

    public IReadOnlyList<IOutput> Outputs => Agent.Outputs;
}
