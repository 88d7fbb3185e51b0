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
