namespace HepBridge.Hep;

/// <summary>
/// What a HEP3 packet carries: the value of chunk 0x000b (HEP3 specification, revision 37, "protocol types").
/// Other values are passed through unchanged.
/// </summary>
public enum HepPayloadType : byte
{
    /// <summary>No type: collectors count such a packet as filtered and drop it.</summary>
    Reserved = 0x00,

    /// <summary>A SIP message as text.</summary>
    Sip = 0x01,
    Xmpp = 0x02,
    Sdp = 0x03,
    Rtp = 0x04,

    /// <summary>An RTCP report as JSON.</summary>
    Rtcp = 0x05,
    Mgcp = 0x06,
    Megaco = 0x07,
    M2Ua = 0x08,
    M3Ua = 0x09,
    Iax = 0x0a,
    H322 = 0x0b,
    H321 = 0x0c,
    M2Pa = 0x0d,

    /// <summary>A media quality report as JSON, long form (34).</summary>
    MosFull = 0x22,

    /// <summary>A media quality report as JSON, short form (35).</summary>
    MosShort = 0x23,
    SipJson = 0x32,
    DnsJson = 0x35,
    IsupJson = 0x36,
    Rtsp = 0x37,
    Diameter = 0x38,
    GsmMap = 0x39,
    RtcpPion = 0x3a,
    Cdr = 0x3c,
    Verto = 0x3d,

    /// <summary>The historic type of quality reports (99), which Homer 5 on Kamailio stores as reports.</summary>
    Report = 0x63,

    /// <summary>A log line (100): not in the specification, understood by every Homer.</summary>
    Log = 0x64,
}
