using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>Whether a leg speaks SIP.</summary>
internal enum LegProtocol : byte
{
    /// <summary>Its channel's name has not been seen.</summary>
    Unknown,
    Sip,

    /// <summary>loopback, verto, group, …: it never has a Call-ID.</summary>
    Other,
}

/// <summary>
/// What is known of one leg (one channel of one switch). Used again for another leg when this one is forgotten; changed only by
/// <see cref="LegObserver"/> and, for what RTCP needs from event to event, by its report.
/// </summary>
internal sealed class Leg
{
    public InlineByteString UniqueId;

    /// <summary>The SIP Call-ID, from <c>variable_sip_call_id</c>, or until that came from <c>variable_sip_invite_call_id</c>.</summary>
    public InlineByteString CallId;

    /// <summary>The value of the configured <c>call_id_variable</c>.</summary>
    public ByteString NamedCallId;

    /// <summary>The Unique-ID of the leg that originated this one: fixed by the first event that tells.</summary>
    public InlineByteString Originator;

    /// <summary>The Unique-ID of a loopback channel's other half.</summary>
    public ByteString LoopbackPeer;

    /// <summary>With <c>correlation: aleg</c>: the Call-ID of the leg at the origin, fixed once it is known.</summary>
    public ByteString OriginCallId;

    /// <summary>For what is held when no Call-ID comes: a Janus handle's REGISTER.</summary>
    public ByteString SpareCallId;

    public MediaPath Audio;
    public MediaPath Video;
    public SdpFacts LocalSdp;
    public SdpFacts RemoteSdp;
    public ulong LocalSdpHash;
    public ulong RemoteSdpHash;
    public RtcpState Rtcp;

    /// <summary><c>variable_sip_local_network_addr</c>: the switch's signalling address of this leg.</summary>
    public HepAddress SignallingAddress;
    public bool HasSignallingAddress;

    public Switch Switch { get; set; } = null!;

    public LegProtocol Protocol { get; set; }

    /// <summary>Whether <see cref="CallId"/> is final, and not that of the first INVITE only.</summary>
    public bool CallIdIsFinal { get; set; }

    /// <summary>The channel carries <c>sensitive_dtmf</c>: no digit is ever reported.</summary>
    public bool SensitiveDtmf { get; set; }

    /// <summary>Its quality report has been made.</summary>
    public bool QosReported { get; set; }

    /// <summary>CHANNEL_DESTROY has come; the leg lingers for late RTCP.</summary>
    public bool IsDestroyed { get; set; }

    /// <summary>Some event with the channel's own headers has come, and not only RTCP.</summary>
    public bool IsDescribed { get; set; }

    /// <summary>Our monotonic clock at its last event, once destroyed at its end, in milliseconds.</summary>
    public long LastSeenMilliseconds { get; set; }

    /// <summary>Both sides negotiated video.</summary>
    public bool HasVideo => Video.LocalPort != 0 && (Video.RemotePort != 0 || RemoteSdp.Video.Port != 0);

    /// <summary>When it was put last among the live ones: <see cref="LegTable"/> does that only now and then.</summary>
    internal long ListedMilliseconds { get; set; }

    /// <summary>Bytes of its ids and Call-IDs outside the leg itself.</summary>
    public int HeapBytes =>
        UniqueId.HeapBytes + CallId.HeapBytes + NamedCallId.HeapBytes + Originator.HeapBytes + LoopbackPeer.HeapBytes + OriginCallId.HeapBytes + SpareCallId.HeapBytes;

    /// <summary>Whether it is kept before those that only one event was seen of.</summary>
    internal bool IsConfirmed { get; set; }

    /// <summary>What the table counted of <see cref="HeapBytes"/>.</summary>
    internal int CountedBytes { get; set; }

    internal int Hash { get; set; }

    internal Leg? NextInBucket { get; set; }

    internal Leg? Older { get; set; }

    internal Leg? Newer { get; set; }

    internal Leg? PreviousOfSwitch { get; set; }

    internal Leg? NextOfSwitch { get; set; }

    internal HeldEvent? FirstHeld { get; set; }

    internal HeldEvent? LastHeld { get; set; }

    internal int HeldCount { get; set; }

    /// <summary>Forgets everything but the arrays, for the next leg.</summary>
    public void Reset()
    {
        UniqueId.Clear();
        CallId.Clear();
        NamedCallId.Clear();
        Originator.Clear();
        LoopbackPeer.Clear();
        OriginCallId.Clear();
        SpareCallId.Clear();
        Audio = default;
        Video = default;
        LocalSdp = default;
        RemoteSdp = default;
        LocalSdpHash = 0;
        RemoteSdpHash = 0;
        Rtcp = default;
        SignallingAddress = default;
        HasSignallingAddress = false;
        Switch = null!;
        Protocol = LegProtocol.Unknown;
        CallIdIsFinal = false;
        SensitiveDtmf = false;
        QosReported = false;
        IsDestroyed = false;
        IsDescribed = false;
        IsConfirmed = false;
        LastSeenMilliseconds = 0;
    }
}
