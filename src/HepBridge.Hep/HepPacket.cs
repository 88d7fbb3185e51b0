namespace HepBridge.Hep;

/// <summary>One HEP3 packet as a view: the encoder's input and the decoder's output. The spans point into the caller's memory.</summary>
/// <remarks>
/// Chunk numbers of the HEP3 specification, revision 37, are in parentheses. Both addresses have the same family on the wire:
/// the encoder gives an unspecified address the other's family, and encodes a mixed pair as IPv6 (the IPv4 address mapped).
/// </remarks>
public ref struct HepPacket()
{
    /// <summary>Transport protocol number of the captured packet, 17 = UDP, 6 = TCP (0x0002).</summary>
    public byte Protocol { readonly get; set; } = 17;

    /// <summary>Sender of the captured packet (0x0003, 0x0005).</summary>
    public HepAddress Source { readonly get; set; }

    /// <summary>Receiver of the captured packet (0x0004, 0x0006).</summary>
    public HepAddress Destination { readonly get; set; }

    /// <summary>Source port, or 0 (0x0007).</summary>
    public ushort SourcePort { readonly get; set; }

    /// <summary>Destination port, or 0 (0x0008).</summary>
    public ushort DestinationPort { readonly get; set; }

    /// <summary>Seconds since 1970, UTC (0x0009).</summary>
    public uint Seconds { readonly get; set; }

    /// <summary>Microseconds within the second, 0–999,999 (0x000a).</summary>
    public uint Microseconds { readonly get; set; }

    /// <summary>Type of the payload (0x000b).</summary>
    public HepPayloadType PayloadType { readonly get; set; }

    /// <summary>Capture agent's id (0x000c).</summary>
    public uint CaptureId { readonly get; set; }

    /// <summary>Authentication key (0x000e); no chunk if empty.</summary>
    public ReadOnlySpan<byte> AuthKey { readonly get; set; }

    /// <summary>The payload (0x000f).</summary>
    public ReadOnlySpan<byte> Payload { readonly get; set; }

    /// <summary>Correlation id, for Homer the SIP Call-ID (0x0011); no chunk if empty.</summary>
    public ReadOnlySpan<byte> CorrelationId { readonly get; set; }

    /// <summary>Name of the capture agent's node (0x0013); no chunk if empty.</summary>
    public ReadOnlySpan<byte> NodeName { readonly get; set; }
}
