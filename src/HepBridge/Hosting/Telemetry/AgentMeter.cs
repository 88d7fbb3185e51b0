using System.Diagnostics.Metrics;
using HepBridge.Diagnostics;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipeline;

namespace HepBridge.Hosting.Telemetry;

/// <summary>The meter <c>HepBridge</c>: its instruments read existing counters, on demand.</summary>
internal sealed class AgentMeter : IDisposable
{
    public const string Name = "HepBridge";

    public AgentMeter(Agent agent, TimeProvider time)
    {
        Meter = new Meter(new MeterOptions(Name) { Version = AgentStatusSource.Version });
        MetricSource source = new(agent, time.GetUtcNow());
        foreach (Metric metric in MetricTable.All(agent.InputKinds))
        {
            metric.Register(Meter, source);
        }
    }

    public Meter Meter { get; }

    public void Dispose() => Meter.Dispose();
}

/// <summary>The metrics of the agent's own meter.</summary>
internal static class MetricTable
{
    public static IReadOnlyList<Metric> All(InputKinds inputs) =>
        [.. EventMetrics.All, .. OutputMetrics.All, .. InputMetrics.All, .. inputs.All.SelectMany(kind => kind.Metrics), .. ProcessMetrics.All];
}

/// <summary>The source of all metrics: counters that the agent keeps anyway, since <c>Started</c>.</summary>
internal sealed record MetricSource(Agent Agent, DateTimeOffset Started)
{
    public PipelineCounters Counters => Agent.Pipeline.Counters;

    public EventPipeline Pipeline => Agent.Pipeline;

    public IReadOnlyList<IInput> Inputs => Agent.Inputs;

    public IReadOnlyList<IOutput> Outputs => Agent.Outputs;
}
