using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>Whether a leg uses SIP.</summary>
internal enum LegProtocol : byte
{
    /// <summary>Its channel name has not been seen yet.</summary>
    Unknown,
    Sip,

    /// <summary>loopback, verto, group, …: never has a Call-ID.</summary>
    Other,
}

/// <summary>
/// State of one leg (one channel of one switch). Reused for another leg after this one is forgotten. Written only by
/// <see cref="LegObserver"/>, except for the RTCP state, which belongs to the RTCP report.
/// </summary>
internal sealed class Leg : Hashed
{
    public InlineByteString UniqueId;

    /// <summary>The SIP Call-ID from <c>variable_sip_call_id</c>; until that is seen, from <c>variable_sip_invite_call_id</c>.</summary>
    public InlineByteString CallId;

    /// <summary>The value of the configured <c>call_id_variable</c>.</summary>
    public ByteString NamedCallId;

    /// <summary>The Unique-ID of the leg that originated this one, fixed by the first event that names it.</summary>
    public InlineByteString Originator;

    /// <summary>The Unique-ID of a loopback channel's other half.</summary>
    public ByteString LoopbackPeer;

    /// <summary>With <c>correlation: aleg</c>: the Call-ID of the originating leg, fixed once known.</summary>
    public ByteString OriginCallId;

    /// <summary>For what is held when no Call-ID comes: a Janus handle's REGISTER.</summary>
    public ByteString SpareCallId;

    /// <summary>Events held until its Call-ID is known.</summary>
    public HeldBlocks Held;

    public MediaPath Audio;
    public MediaPath Video;
    public SdpFacts LocalSdp;
    public SdpFacts RemoteSdp;
    public ulong LocalSdpHash;
    public ulong RemoteSdpHash;
    public RtcpState Rtcp;

    /// <summary><c>variable_sip_local_network_addr</c>: the switch's signaling address for this leg.</summary>
    public HepAddress SignalingAddress;
    public bool HasSignalingAddress;

    public Switch Switch { get; set; } = null!;

    public LegProtocol Protocol { get; set; }

    /// <summary>Whether <see cref="CallId"/> is final, not just that of the first INVITE.</summary>
    public bool CallIdIsFinal { get; set; }

    /// <summary>The channel has <c>sensitive_dtmf</c> set: digits are never reported.</summary>
    public bool SensitiveDtmf { get; set; }

    /// <summary>Its quality report was sent.</summary>
    public bool QosReported { get; set; }

    /// <summary>CHANNEL_DESTROY was received; the leg lingers for late RTCP.</summary>
    public bool IsDestroyed { get; set; }

    /// <summary>An event with the channel's own headers was received, not just RTCP.</summary>
    public bool IsDescribed { get; set; }

    /// <summary>Our monotonic clock at its last event, or at its end if destroyed, in milliseconds.</summary>
    public long LastSeenMilliseconds { get; set; }

    /// <summary>Both sides negotiated video.</summary>
    public bool HasVideo => Video.LocalPort != 0 && (Video.RemotePort != 0 || RemoteSdp.Video.Port != 0);

    /// <summary>When it was last moved to the end of the live list: <see cref="LegTable"/> does not do that for every event.</summary>
    internal long ListedMilliseconds { get; set; }

    /// <summary>Bytes of its ids and Call-IDs outside this object.</summary>
    public int HeapBytes =>
        UniqueId.HeapBytes + CallId.HeapBytes + NamedCallId.HeapBytes + Originator.HeapBytes + LoopbackPeer.HeapBytes + OriginCallId.HeapBytes + SpareCallId.HeapBytes;

    /// <summary>Whether it outranks legs seen in only one event when room is needed.</summary>
    internal bool IsConfirmed { get; set; }

    /// <summary>The <see cref="HeapBytes"/> that the table has counted.</summary>
    internal int CountedBytes { get; set; }

    internal Leg? PreviousOfSwitch { get; set; }

    internal Leg? NextOfSwitch { get; set; }

    /// <summary>Its Call-ID's entry; null: not known, or SIP is not joined.</summary>
    internal Dialog? Dialog { get; set; }

    /// <summary>Its origin's Call-ID, whose last packets wait for this leg's Call-ID.</summary>
    internal Dialog? AwaitedBy { get; set; }

    /// <summary>It speaks SIP and its Call-ID is not known yet.</summary>
    internal bool IsNameless { get; set; }

    /// <summary>Its Call-ID and its origin's are known to belong together.</summary>
    internal bool IsOriginJoined { get; set; }

    /// <summary>Clears everything for the next leg, but keeps the arrays.</summary>
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
        SignalingAddress = default;
        HasSignalingAddress = false;
        Switch = null!;
        Protocol = LegProtocol.Unknown;
        CallIdIsFinal = false;
        SensitiveDtmf = false;
        QosReported = false;
        IsDestroyed = false;
        IsDescribed = false;
        IsConfirmed = false;
        IsOriginJoined = false;
        LastSeenMilliseconds = 0;
    }
}
