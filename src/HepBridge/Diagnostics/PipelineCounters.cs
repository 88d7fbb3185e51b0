using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Diagnostics;

/// <summary>Kind of a packet, for back-pressure and counters.</summary>
internal enum PacketKind : byte
{
    /// <summary>A log line (type 100) of any report.</summary>
    Log,

    /// <summary>An RTCP report: the first to be dropped when a ring fills up.</summary>
    Rtcp,

    /// <summary>A quality report.</summary>
    Qos,

    /// <summary>A SIP message.</summary>
    Sip,
}

/// <summary>Why an event could not be correlated with a Call-ID. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum UncorrelatedReason
{
    /// <summary>The leg is not SIP (loopback, verto, …).</summary>
    NotSip,

    /// <summary>The leg ended without a Call-ID.</summary>
    NeverCame,

    /// <summary>The event names neither a leg nor a Call-ID.</summary>
    NoLeg,

    /// <summary>Held for <c>hold_time</c> without a Call-ID.</summary>
    HoldExpired,

    /// <summary>The oldest held event when its leg's queue was full.</summary>
    HoldLegFull,

    /// <summary>The oldest held event when all queues together were full.</summary>
    HoldFull,

    /// <summary>Its leg was dropped for its age or for room.</summary>
    LegForgotten,

    /// <summary>The leg began before the agent did, and its Call-ID was never seen.</summary>
    OlderThanAgent,

    /// <summary>Still held when the agent stopped.</summary>
    Shutdown,

    /// <summary>A failed registration, whose event has no Call-ID, and not exactly one REGISTER matches.</summary>
    RegistrationUnmatched,

    /// <summary>Failed registrations over the limit per minute.</summary>
    RegistrationLimit,
}

/// <summary>
/// Counts events and packets. Written under the pipeline's lock, read by any thread.
/// <c>received = malformed + duplicate + filtered + observed only + uncorrelated + held + reported</c> after every batch.
/// </summary>
internal sealed class PipelineCounters
{
    private readonly ReasonCounts<EventRejection> _malformed = new();
    private readonly ReasonCounts<UncorrelatedReason> _uncorrelated = new();
    private readonly long[] _packets = new long[Enum.GetValues<PacketKind>().Length];

    /// <summary>Events received, including channel dumps.</summary>
    public long Received { get; set; }

    public long Malformed => _malformed.Total;

    /// <summary>Events already received by another input.</summary>
    public long Duplicate { get; set; }

    /// <summary>Events that no report uses.</summary>
    public long Filtered { get; set; }

    /// <summary>Events used only to learn a leg's Call-ID.</summary>
    public long ObservedOnly { get; set; }

    public long Held { get; set; }

    /// <summary>Events that produced at least one packet.</summary>
    public long Reported { get; set; }

    /// <summary>Events reported after being held.</summary>
    public long ReportedAfterHold { get; set; }

    public long Packets => LogPackets + RtcpPackets + QosPackets + SipPackets;

    /// <summary>Packets by report: call, registration, custom, log, peer.</summary>
    public long LogPackets => _packets[(int)PacketKind.Log];

    public long RtcpPackets => _packets[(int)PacketKind.Rtcp];

    public long QosPackets => _packets[(int)PacketKind.Qos];

    public long SipPackets => _packets[(int)PacketKind.Sip];

    /// <summary>SIP packets that name another leg of their call (<c>sip_correlation: joined</c>).</summary>
    public long SipJoined { get; set; }

    /// <summary>SIP packets that wait for another leg's Call-ID now.</summary>
    public long SipHeld { get; set; }

    /// <summary>SIP packets that left before it was known: they had waited long enough, or others needed the room.</summary>
    public long SipExpired { get; set; }

    /// <summary>SIP Call-IDs tracked for joining.</summary>
    public long Dialogs { get; set; }

    /// <summary>Payloads truncated to <c>max_packet</c>.</summary>
    public long PacketsCut { get; set; }

    /// <summary>Packets that could not be truncated to <c>max_packet</c>.</summary>
    public long PacketsTooLarge { get; set; }

    /// <summary>Events without a valid time; the time of arrival is used.</summary>
    public long TimeUnreadable { get; set; }

    /// <summary>Events whose time is further than <c>max_clock_skew</c> from now; the time of arrival is used.</summary>
    public long TimeReplaced { get; set; }

    /// <summary>RTCP that could be audio or video, reported as audio.</summary>
    public long RtcpMediaUnsure { get; set; }

    /// <summary>RTCP of a leg whose media addresses are unknown.</summary>
    public long RtcpNoAddress { get; set; }

    public long Legs { get; set; }

    public long LegsSeen { get; set; }

    /// <summary>Legs dropped because <c>max_legs</c> was reached.</summary>
    public long LegsEvicted { get; set; }

    /// <summary>Switches dropped, with their legs, because too many were seen.</summary>
    public long SwitchesEvicted { get; set; }

    public long Uncorrelated => _uncorrelated.Total;

    /// <summary>The reasons for which events could not be correlated.</summary>
    public IEnumerable<(UncorrelatedReason Reason, long Count)> UncorrelatedReasons => _uncorrelated.Counted;

    /// <summary>The reasons for which data was not an event.</summary>
    public IEnumerable<(EventRejection Reason, long Count)> MalformedReasons => _malformed.Counted;

    public long MalformedFor(EventRejection reason) => _malformed[reason];

    public void AddMalformed(EventRejection reason) => _malformed.Add(reason);

    public void AddPacket(PacketKind kind) => _packets[(int)kind]++;

    public long UncorrelatedFor(UncorrelatedReason reason) => _uncorrelated[reason];

    public void AddUncorrelated(UncorrelatedReason reason) => _uncorrelated.Add(reason);

    /// <summary>Whether the equation above holds.</summary>
    public bool AreConserved => Received == Malformed + Duplicate + Filtered + ObservedOnly + Uncorrelated + Held + Reported;
}
