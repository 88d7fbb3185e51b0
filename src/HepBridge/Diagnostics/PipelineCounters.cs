using HepBridge.FreeSwitch.Events;
using HepBridge.Outputs;

namespace HepBridge.Diagnostics;

/// <summary>Why an event could not be put under a Call-ID. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum UncorrelatedReason
{
    /// <summary>The leg doesn't speak SIP (loopback, verto, …).</summary>
    NotSip,

    /// <summary>The leg ended without a Call-ID.</summary>
    NeverCame,

    /// <summary>The event names neither a leg nor a Call-ID.</summary>
    NoLeg,

    /// <summary>Waited <c>hold_time</c> for the Call-ID.</summary>
    HoldExpired,

    /// <summary>Waited longest when its leg's queue was full.</summary>
    HoldLegFull,

    /// <summary>Waited longest when all queues together were full.</summary>
    HoldFull,

    /// <summary>Its leg was forgotten for age or for room.</summary>
    LegForgotten,

    /// <summary>The leg began before the agent did, and nothing told its Call-ID.</summary>
    OlderThanAgent,

    /// <summary>Still waiting when the agent stopped.</summary>
    Shutdown,

    /// <summary>A failed registration, whose event carries no Call-ID, and not exactly one REGISTER fits.</summary>
    RegistrationUnmatched,

    /// <summary>Failed registrations over the limit of a minute.</summary>
    RegistrationLimit,
}

/// <summary>
/// What became of events and packets. Written under the pipeline's lock, read by anyone.
/// <c>received = malformed + duplicate + filtered + observed only + uncorrelated + held + reported</c> after every batch.
/// </summary>
internal sealed class PipelineCounters
{
    private readonly long[] _malformed = new long[Enum.GetValues<EventRejection>().Length];
    private readonly long[] _uncorrelated = new long[Enum.GetValues<UncorrelatedReason>().Length];

    /// <summary>Events taken in, dumps of channels included.</summary>
    public long Received { get; set; }

    /// <summary>Bytes that were no event.</summary>
    public long Malformed { get; private set; }

    /// <summary>Events that had come by another way already.</summary>
    public long Duplicate { get; set; }

    /// <summary>Events that nothing wanted.</summary>
    public long Filtered { get; set; }

    /// <summary>Events that only taught the leg table.</summary>
    public long ObservedOnly { get; set; }

    /// <summary>Events that wait now.</summary>
    public long Held { get; set; }

    /// <summary>Events that became at least one packet.</summary>
    public long Reported { get; set; }

    /// <summary>Events that waited and were reported then.</summary>
    public long ReportedAfterHold { get; set; }

    /// <summary>Packets made.</summary>
    public long Packets => LogPackets + RtcpPackets + QosPackets + SipPackets;

    /// <summary>Packets by report: call, registration, custom, log, peer.</summary>
    public long LogPackets { get; private set; }

    public long RtcpPackets { get; private set; }

    public long QosPackets { get; private set; }

    public long SipPackets { get; private set; }

    /// <summary>Payloads that were shortened to <c>max_packet</c>.</summary>
    public long PacketsCut { get; set; }

    /// <summary>Packets that could not be made short enough.</summary>
    public long PacketsTooLarge { get; set; }

    /// <summary>Event times that could not be read: time of arrival taken.</summary>
    public long TimeUnreadable { get; set; }

    /// <summary>Event times further than <c>max_clock_skew</c> from now: now taken.</summary>
    public long TimeReplaced { get; set; }

    /// <summary>RTCP that may have been audio or video, taken for audio.</summary>
    public long RtcpMediaUnsure { get; set; }

    /// <summary>RTCP whose leg's media addresses were not known.</summary>
    public long RtcpNoAddress { get; set; }

    /// <summary>Legs known now.</summary>
    public long Legs { get; set; }

    /// <summary>Legs seen since the start.</summary>
    public long LegsSeen { get; set; }

    /// <summary>Legs forgotten because <c>max_legs</c> was reached.</summary>
    public long LegsEvicted { get; set; }

    /// <summary>Switches forgotten, with their legs, because too many were seen.</summary>
    public long SwitchesEvicted { get; set; }

    /// <summary>Events that could not be put under a Call-ID.</summary>
    public long Uncorrelated
    {
        get
        {
            long total = 0;
            foreach (long count in _uncorrelated)
            {
                total += count;
            }

            return total;
        }
    }

    public long MalformedFor(EventRejection reason) => _malformed[(int)reason];

    public void AddMalformed(EventRejection reason)
    {
        Malformed++;
        _malformed[(int)reason]++;
    }

    public void AddPacket(PacketKind kind)
    {
        switch (kind)
        {
            case PacketKind.Rtcp:
                RtcpPackets++;
                break;
            case PacketKind.Qos:
                QosPackets++;
                break;
            case PacketKind.Sip:
                SipPackets++;
                break;
            default:
                LogPackets++;
                break;
        }
    }

    public long UncorrelatedFor(UncorrelatedReason reason) => _uncorrelated[(int)reason];

    public void AddUncorrelated(UncorrelatedReason reason, long events = 1) => _uncorrelated[(int)reason] += events;

    /// <summary>Whether the law above holds.</summary>
    public bool AreConserved => Received == Malformed + Duplicate + Filtered + ObservedOnly + Uncorrelated + Held + Reported;
}
