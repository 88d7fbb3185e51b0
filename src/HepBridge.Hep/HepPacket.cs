namespace HepBridge.Hep;

/// <summary>
/// One HEP3 packet as a view: what the encoder writes and what the decoder finds. The spans point into the caller's memory.
/// </summary>
/// <remarks>
/// Chunk numbers of the HEP3 specification, revision 37, stand beside each field. Both addresses are of one family on the wire:
/// the encoder replaces an unspecified one by the other's family, and writes a mixed pair as IPv6 (the IPv4 one mapped).
/// </remarks>
public ref struct HepPacket
{
    /// <summary>A packet over UDP (17), empty otherwise.</summary>
    public HepPacket()
    {
        Protocol = 17;
    }

    /// <summary>Transport protocol number of the captured packet, 17 = UDP, 6 = TCP (0x0002).</summary>
    public byte Protocol { readonly get; set; }

    /// <summary>Sender of what the payload is about (0x0003, 0x0005).</summary>
    public HepAddress Source { readonly get; set; }

    /// <summary>Receiver of what the payload is about (0x0004, 0x0006).</summary>
    public HepAddress Destination { readonly get; set; }

    /// <summary>Source port, 0 if there is none (0x0007).</summary>
    public ushort SourcePort { readonly get; set; }

    /// <summary>Destination port, 0 if there is none (0x0008).</summary>
    public ushort DestinationPort { readonly get; set; }

    /// <summary>Seconds since 1970, UTC (0x0009).</summary>
    public uint Seconds { readonly get; set; }

    /// <summary>Microseconds within the second, 0–999,999 (0x000a).</summary>
    public uint Microseconds { readonly get; set; }

    /// <summary>Type of the payload (0x000b).</summary>
    public HepPayloadType PayloadType { readonly get; set; }

    /// <summary>Capture agent's id (0x000c).</summary>
    public uint CaptureId { readonly get; set; }

    /// <summary>Authentication key; empty: no chunk (0x000e).</summary>
    public ReadOnlySpan<byte> AuthKey { readonly get; set; }

    /// <summary>The payload (0x000f).</summary>
    public ReadOnlySpan<byte> Payload { readonly get; set; }

    /// <summary>Correlation id, for Homer the SIP Call-ID; empty: no chunk (0x0011).</summary>
    public ReadOnlySpan<byte> CorrelationId { readonly get; set; }

    /// <summary>Name of the capture agent's node; empty: no chunk (0x0013).</summary>
    public ReadOnlySpan<byte> NodeName { readonly get; set; }
}
