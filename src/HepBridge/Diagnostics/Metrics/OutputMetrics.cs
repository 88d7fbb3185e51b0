using System.Diagnostics.Metrics;
using HepBridge.Outputs;

namespace HepBridge.Diagnostics.Metrics;

/// <summary>What became of packets, by output.</summary>
internal static class OutputMetrics
{
    private const string Packet = "{packet}";
    private const string Collector = "{collector}";

    private static readonly MetricLabel _output = new("output");

    public static IReadOnlyList<Metric> All { get; } =
    [
        Count("hepbridge.output.packets.offered", Packet, "Packets that the output was given. offered + recovered = sent + dropped + queued + spooled.", c => c.Offered),
        Count("hepbridge.output.packets.recovered", Packet, "Packets found in the spool of an earlier process.", c => c.Recovered),
        Count("hepbridge.output.packets.sent", Packet, "Packets handed to the kernel, each once.", c => c.Sent),
        Count("hepbridge.output.packets.resent", Packet, "Packets handed to the kernel once more.", c => c.Resent),
        new Metric<long>("hepbridge.output.packets.dropped", MetricKind.Counter, Packet, "Packets that were not sent and never will be.", [_output, Metric.Reasons<DropReason>.Label], s =>
            s.Outputs.SelectMany(output => Metric.Reasons<DropReason>.All.Select(reason =>
                new Measurement<long>(output.Counters.Dropped(reason), TagOf(output), Metric.Reasons<DropReason>.Tag(reason))))),
        Now("hepbridge.output.packets.queued", Packet, "Packets that wait in memory.", output => output.Counters.Queued),
        Now("hepbridge.output.packets.spooled", Packet, "Packets that wait on disk.", output => output.Counters.Spooled),
        Count("hepbridge.output.traffic", "By", "Octets of the packets sent.", c => c.SentBytes),
        Now("hepbridge.output.up", null, "1: at least one of its collectors takes packets; 0: none does.", output => output.State.Reachable > 0 ? 1 : 0),
        Now("hepbridge.output.collectors.configured", Collector, "Its collectors.", output => output.State.Collectors),
        Now("hepbridge.output.collectors.reachable", Collector, "Its collectors that take packets: connected, or (UDP) without a refusal of late.", output => output.State.Reachable),
        new Metric<long>("hepbridge.output.failures", MetricKind.Counter, "{failure}", "Connections lost or not made; refusals (UDP).", [_output], s =>
            s.Outputs.Select(output => new Measurement<long>(output.State.Failures, TagOf(output)))),
        Now("hepbridge.output.ring.used", "By", "Octets that wait in memory.", output => output.State.RingBytes),
        Now("hepbridge.output.ring.capacity", "By", "The most that may wait in memory: ring, for each collector.", output => output.State.RingCapacity),
        Now("hepbridge.output.spool.used", "By", "Octets on disk.", output => output.State.SpoolBytes),
        Now("hepbridge.output.spool.capacity", "By", "The most that may be on disk: spool.max_bytes; 0 without a spool.", output => output.State.SpoolCapacity),
        Now("hepbridge.output.spool.refusing", null, "1: the spool takes no more, it or its disk is full.", output => output.State.SpoolRefuses ? 1 : 0),
    ];

    private static Metric<long> Count(string name, string unit, string help, Func<OutputCounters, long> read) =>
        new Metric<long>(name, MetricKind.Counter, unit, help, [_output], s => s.Outputs.Select(output => new Measurement<long>(read(output.Counters), TagOf(output))));

    private static Metric<long> Now(string name, string? unit, string help, Func<IOutput, long> read) =>
        new Metric<long>(name, MetricKind.Gauge, unit, help, [_output], s => s.Outputs.Select(output => new Measurement<long>(read(output), TagOf(output))));

    private static KeyValuePair<string, object?> TagOf(IOutput output) => new("output", output.Name);
}
