namespace HepBridge.Hosting.Telemetry;

/// <summary>All metrics.</summary>
internal static class MetricTable
{
    /// <summary>The metrics of the agent's own meter.</summary>
    /// <param name="inputs">The kinds of input available.</param>
    public static IReadOnlyList<Metric> All(InputKinds inputs) =>
        [.. EventMetrics.All, .. OutputMetrics.All, .. InputMetrics.All, .. inputs.All.SelectMany(kind => kind.Metrics), .. ProcessMetrics.All];
}
