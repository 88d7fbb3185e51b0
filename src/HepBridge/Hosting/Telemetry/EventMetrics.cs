using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of events and the packets made from them.</summary>
internal static class EventMetrics
{
    private const string Event = "{event}";
    private const string Packet = "{packet}";
    private const string Leg = "{leg}";

    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("hepbridge.events.received", Event, "Events received: the sum of malformed, duplicate, filtered, observed_only, uncorrelated, held and reported.", s => s.Counters.Received),
        Metric.ByReason<EventRejection>("hepbridge.events.malformed", Event, "Input that could not be parsed as an event.", (s, reason) => s.Counters.MalformedFor(reason)),
        Metric.Counter("hepbridge.events.duplicate", Event, "Events already received by another input.", s => s.Counters.Duplicate),
        Metric.Counter("hepbridge.events.filtered", Event, "Events that no report uses.", s => s.Counters.Filtered),
        Metric.Counter("hepbridge.events.observed_only", Event, "Events used only to learn a leg's Call-ID.", s => s.Counters.ObservedOnly),
        Metric.ByReason<UncorrelatedReason>("hepbridge.events.uncorrelated", Event, "Events dropped because their leg has no known Call-ID.", (s, reason) => s.Counters.UncorrelatedFor(reason)),
        Metric.Gauge("hepbridge.events.held", Event, "Events currently held until their leg's Call-ID is known.", s => s.Counters.Held),
        Metric.Counter("hepbridge.events.reported", Event, "Events that produced at least one packet.", s => s.Counters.Reported),
        Metric.Counter("hepbridge.events.reported_after_hold", Event, "Events reported after being held; included in events.reported.", s => s.Counters.ReportedAfterHold),
        Metric.Counter("hepbridge.events.time_replaced", Event, "Events whose time is further than max_clock_skew from now; sent with their time of arrival.", s => s.Counters.TimeReplaced),
        Metric.Counter("hepbridge.events.time_unreadable", Event, "Events without a valid time; sent with their time of arrival.", s => s.Counters.TimeUnreadable),
        new Metric<long>("hepbridge.packets.encoded", MetricKind.Counter, Packet, "Packets encoded: logs (type 100), RTCP (5), quality reports (34, 35, 99), SIP (1).", [new MetricLabel("kind", "log", "rtcp", "qos", "sip")], s =>
        [
            new(s.Counters.LogPackets, Tag("kind", "log")),
            new(s.Counters.RtcpPackets, Tag("kind", "rtcp")),
            new(s.Counters.QosPackets, Tag("kind", "qos")),
            new(s.Counters.SipPackets, Tag("kind", "sip")),
        ]),
        Metric.Counter("hepbridge.packets.cut", Packet, "Packets whose payload was truncated to max_packet.", s => s.Counters.PacketsCut),
        Metric.Counter("hepbridge.packets.too_large", Packet, "Packets not sent because they could not be truncated to max_packet.", s => s.Counters.PacketsTooLarge),
        Metric.Counter("hepbridge.sip.joined", Packet, "SIP packets that name another leg of their call (sip_correlation: joined).", s => s.Counters.SipJoined),
        Metric.Gauge("hepbridge.sip.held", Packet, "SIP packets that wait for the Call-ID of another leg, at most 500 ms.", s => s.Counters.SipHeld),
        Metric.Counter("hepbridge.sip.expired", Packet, "SIP packets that left before the other leg's Call-ID was known, for time or room.", s => s.Counters.SipExpired),
        Metric.Gauge("hepbridge.sip.dialogs", "{dialog}", "SIP Call-IDs tracked to join legs.", s => s.Counters.Dialogs),
        Metric.Counter("hepbridge.rtcp.media_unsure", Event, "RTCP that could be audio or video, reported as audio.", s => s.Counters.RtcpMediaUnsure),
        Metric.Counter("hepbridge.rtcp.no_address", Event, "RTCP of a leg whose media addresses are unknown.", s => s.Counters.RtcpNoAddress),
        Metric.Gauge("hepbridge.legs.known", Leg, "Legs currently tracked.", s => s.Counters.Legs),
        Metric.Counter("hepbridge.legs.seen", Leg, "Legs seen since the start.", s => s.Counters.LegsSeen),
        Metric.Counter("hepbridge.legs.evicted", Leg, "Legs forgotten to make room: max_legs, the bytes of their ids, or too many legs with a single event.", s => s.Counters.LegsEvicted),
        Metric.Counter("hepbridge.switches.evicted", "{switch}", "Switches forgotten, with their legs, to make room for others.", s => s.Counters.SwitchesEvicted),
        Metric.Counter("hepbridge.registrations.evicted", "{registration}", "Registrations forgotten to make room for others.", s => s.Pipeline.Registrations.Evicted),
    ];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
