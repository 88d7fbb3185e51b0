using System.Diagnostics.Metrics;

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
