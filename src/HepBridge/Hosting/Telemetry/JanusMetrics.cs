using HepBridge.Inputs.Janus;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of requests from Janus's event handler.</summary>
internal static class JanusMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        InputMetrics.Of<JanusInput>("hepbridge.janus.requests", MetricKind.Counter, "{request}", "Requests with events accepted.", input => input.Requests),
        InputMetrics.Of<JanusInput>("hepbridge.janus.traffic", MetricKind.Counter, "By", "Bytes of their bodies, uncompressed.", input => input.Bytes),
        InputMetrics.ByReason<JanusInput, JanusRejection>("hepbridge.janus.rejected", "{request}", "Requests rejected, by reason.", (input, reason) => input.Rejected(reason)),
        InputMetrics.UnderGate<JanusInput>("hepbridge.janus.handles", MetricKind.Gauge, "{handle}", "Handles and sessions of Janus known.", input => input.Handles),
    ];
}
