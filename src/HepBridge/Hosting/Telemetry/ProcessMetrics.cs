namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of the process: version, start time, and .NET's own.</summary>
internal static class ProcessMetrics
{
    /// <summary>The name of .NET's meter.</summary>
    public const string RuntimeMeter = "System.Runtime";

    public static IReadOnlyList<Metric> All { get; } =
    [
        new Metric<long>("hepbridge.build.info", MetricKind.Gauge, null, "Always 1; the label is the running version.", [new MetricLabel("version")], _ =>
            [new(1, new KeyValuePair<string, object?>("version", AgentStatusSource.Version))]),
        Metric.Counter("hepbridge.log.dropped", "{message}", "Log messages dropped because the reader of standard output did not keep up.", s => s.Agent.LogDropped),
        new Metric<double>("hepbridge.start.time", MetricKind.Gauge, "s", "Start of the agent, in seconds since 1970 (UTC).", [], s =>
            [new(s.Started.ToUnixTimeMilliseconds() / 1000.0)]),
    ];

    /// <summary>.NET's metrics that /metrics serves; OTLP exports all of them.</summary>
    public static IReadOnlyList<RuntimeMetric> Runtime { get; } =
    [
        new("dotnet.process.cpu.time", MetricKind.Counter, "s", "CPU time of the process.", new MetricLabel("cpu.mode", "user", "system")),
        new("dotnet.process.memory.working_set", MetricKind.Gauge, "By", "Physical memory of the process."),
        new("dotnet.gc.last_collection.memory.committed_size", MetricKind.Gauge, "By", "Committed memory of the garbage-collected heap at the last collection."),
        new("dotnet.gc.heap.total_allocated", MetricKind.Counter, "By", "Bytes allocated on the heap."),
        new("dotnet.gc.collections", MetricKind.Counter, "{collection}", "Garbage collections.", new MetricLabel("gc.heap.generation", "gen0", "gen1", "gen2")),
        new("dotnet.gc.pause.time", MetricKind.Counter, "s", "Time the process was paused for garbage collection."),
        new("dotnet.thread_pool.queue.length", MetricKind.Gauge, "{work_item}", "Work items waiting for a thread."),
    ];
}

/// <summary>A metric of .NET's own meter.</summary>
internal sealed record RuntimeMetric(string Name, MetricKind Kind, string Unit, string Help, params IReadOnlyList<MetricLabel> Labels);
