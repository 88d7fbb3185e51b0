using System.Diagnostics.Metrics;
using HepBridge.Outputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of outputs and their packets.</summary>
internal static class OutputMetrics
{
    private const string Packet = "{packet}";
    private const string Collector = "{collector}";
    private static readonly MetricLabel _output = new("output");

    public static IReadOnlyList<Metric> All { get; } =
    [
        Count("hepbridge.output.packets.offered", Packet, "Packets given to the output: offered + recovered = sent + dropped + queued + spooled.", c => c.Offered),
        Count("hepbridge.output.packets.recovered", Packet, "Packets found in the spool at the start.", c => c.Recovered),
        Count("hepbridge.output.packets.sent", Packet, "Packets handed to the kernel, each counted once.", c => c.Sent),
        Count("hepbridge.output.packets.resent", Packet, "Packets handed to the kernel again.", c => c.Resent),
        new Metric<long>("hepbridge.output.packets.dropped", MetricKind.Counter, Packet, "Packets dropped, by reason.", [_output, Metric.Reasons<DropReason>.Label], s =>
            s.Outputs.SelectMany(output => Metric.Reasons<DropReason>.All.Select(reason =>
                new Measurement<long>(output.Counters.Dropped(reason), TagOf(output), Metric.Reasons<DropReason>.Tag(reason))))),
        Now("hepbridge.output.packets.queued", Packet, "Packets queued in memory.", output => output.Counters.Queued),
        Now("hepbridge.output.packets.spooled", Packet, "Packets in the spool on disk.", output => output.Counters.Spooled),
        Count("hepbridge.output.traffic", "By", "Bytes of packets sent.", c => c.SentBytes),
        Now("hepbridge.output.up", null, "1 if at least one of its collectors accepts packets, else 0.", output => output.State.Reachable > 0 ? 1 : 0),
        Now("hepbridge.output.collectors.configured", Collector, "Collectors configured.", output => output.State.Collectors),
        Now("hepbridge.output.collectors.reachable", Collector, "Collectors that accept packets: connected, or (UDP) not refusing lately.", output => output.State.Reachable),
        new Metric<long>("hepbridge.output.failures", MetricKind.Counter, "{failure}", "Connections lost or failed; for UDP, ICMP refusals.", [_output], s =>
            s.Outputs.Select(output => new Measurement<long>(output.State.Failures, TagOf(output)))),
        Now("hepbridge.output.ring.used", "By", "Bytes queued in memory.", output => output.State.RingBytes),
        Now("hepbridge.output.ring.capacity", "By", "Memory limit: ring, for each collector.", output => output.State.RingCapacity),
        Now("hepbridge.output.spool.used", "By", "Bytes in the spool on disk.", output => output.State.SpoolBytes),
        Now("hepbridge.output.spool.capacity", "By", "Disk limit: spool.max_bytes; 0 without a spool.", output => output.State.SpoolCapacity),
        Now("hepbridge.output.spool.refusing", null, "1 if the spool accepts no more because it or its disk is full, else 0.", output => output.State.SpoolRefuses ? 1 : 0),
    ];

    private static Metric<long> Count(string name, string unit, string help, Func<OutputCounters, long> read) =>
        new(name, MetricKind.Counter, unit, help, [_output], s => s.Outputs.Select(output => new Measurement<long>(read(output.Counters), TagOf(output))));

    private static Metric<long> Now(string name, string? unit, string help, Func<IOutput, long> read) =>
        new(name, MetricKind.Gauge, unit, help, [_output], s => s.Outputs.Select(output => new Measurement<long>(read(output), TagOf(output))));

    private static KeyValuePair<string, object?> TagOf(IOutput output) => new("output", output.Name);
}
