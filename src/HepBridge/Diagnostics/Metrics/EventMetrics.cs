using HepBridge.FreeSwitch.Events;

namespace HepBridge.Diagnostics.Metrics;

/// <summary>What became of events, and the packets that were made of them.</summary>
internal static class EventMetrics
{
    private const string Event = "{event}";
    private const string Packet = "{packet}";
    private const string Leg = "{leg}";

    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("hepbridge.events.received", Event, "Events taken in: the sum of all that follow, events.held included.", s => s.Counters.Received),
        Metric.ByReason<EventRejection>("hepbridge.events.malformed", Event, "Bytes that were no event.", (s, reason) => s.Counters.MalformedFor(reason)),
        Metric.Counter("hepbridge.events.duplicate", Event, "Events that had come by another input already.", s => s.Counters.Duplicate),
        Metric.Counter("hepbridge.events.filtered", Event, "Events that nothing wanted.", s => s.Counters.Filtered),
        Metric.Counter("hepbridge.events.observed_only", Event, "Events that only taught which leg has which Call-ID.", s => s.Counters.ObservedOnly),
        Metric.ByReason<UncorrelatedReason>("hepbridge.events.uncorrelated", Event, "Events that could not be put under a Call-ID.", (s, reason) => s.Counters.UncorrelatedFor(reason)),
        Metric.Gauge("hepbridge.events.held", Event, "Events that wait for the Call-ID of their leg.", s => s.Counters.Held),
        Metric.Counter("hepbridge.events.reported", Event, "Events that became at least one packet.", s => s.Counters.Reported),
        Metric.Counter("hepbridge.events.reported_after_hold", Event, "Events that waited first and were reported then; also in events.reported.", s => s.Counters.ReportedAfterHold),
        Metric.Counter("hepbridge.events.time_replaced", Event, "Events whose time is further than max_clock_skew from now: sent under the time of arrival.", s => s.Counters.TimeReplaced),
        Metric.Counter("hepbridge.events.time_unreadable", Event, "Events without a readable time: sent under the time of arrival.", s => s.Counters.TimeUnreadable),
        new Metric<long>("hepbridge.packets.encoded", MetricKind.Counter, Packet, "Packets made: logs (type 100), RTCP (5), quality (34, 35, 99).", [new MetricLabel("kind", "log", "rtcp", "qos")], s =>
        [
            new(s.Counters.LogPackets, Tag("kind", "log")),
            new(s.Counters.RtcpPackets, Tag("kind", "rtcp")),
            new(s.Counters.QosPackets, Tag("kind", "qos")),
        ]),
        Metric.Counter("hepbridge.packets.cut", Packet, "Packets whose payload was shortened to max_packet.", s => s.Counters.PacketsCut),
        Metric.Counter("hepbridge.packets.too_large", Packet, "Packets that could not be made short enough, and were not sent.", s => s.Counters.PacketsTooLarge),
        Metric.Counter("hepbridge.rtcp.media_unsure", Event, "RTCP that may have been audio or video, taken for audio.", s => s.Counters.RtcpMediaUnsure),
        Metric.Counter("hepbridge.rtcp.no_address", Event, "RTCP of a leg whose media addresses were not known.", s => s.Counters.RtcpNoAddress),
        Metric.Gauge("hepbridge.legs.known", Leg, "Legs known now.", s => s.Counters.Legs),
        Metric.Counter("hepbridge.legs.seen", Leg, "Legs seen.", s => s.Counters.LegsSeen),
        Metric.Counter("hepbridge.legs.evicted", Leg, "Legs forgotten to make room: max_legs, or the bytes of their ids, or too many that only one event was seen of.", s => s.Counters.LegsEvicted),
        Metric.Counter("hepbridge.switches.evicted", "{switch}", "Switches forgotten, with their legs, to make room for others.", s => s.Counters.SwitchesEvicted),
        Metric.Counter("hepbridge.registrations.evicted", "{registration}", "Registrations forgotten to make room for others.", s => s.Pipeline.Registrations.Evicted),
    ];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
