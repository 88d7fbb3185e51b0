namespace HepBridge.Hep;

/// <summary>
/// The generic chunk types (vendor 0x0000) of the HEP3 specification, revision 37, that are read or written here, and the two address families as
/// encoded on the wire.
/// </summary>
public static class HepChunk
{
    /// <summary>Address family, u8: <see cref="FamilyIPv4"/> or <see cref="FamilyIPv6"/>.</summary>
    public const ushort AddressFamily = 0x0001;

    /// <summary>Transport protocol, u8: 6 TCP, 17 UDP, 132 SCTP.</summary>
    public const ushort Protocol = 0x0002;

    /// <summary>IPv4 source address, 4 bytes.</summary>
    public const ushort SourceIPv4 = 0x0003;

    /// <summary>IPv4 destination address, 4 bytes.</summary>
    public const ushort DestinationIPv4 = 0x0004;

    /// <summary>IPv6 source address, 16 bytes.</summary>
    public const ushort SourceIPv6 = 0x0005;

    /// <summary>IPv6 destination address, 16 bytes.</summary>
    public const ushort DestinationIPv6 = 0x0006;

    /// <summary>Source port, u16.</summary>
    public const ushort SourcePort = 0x0007;

    /// <summary>Destination port, u16.</summary>
    public const ushort DestinationPort = 0x0008;

    /// <summary>Seconds since 1970, u32.</summary>
    public const ushort TimestampSeconds = 0x0009;

    /// <summary>Microseconds within the second, u32.</summary>
    public const ushort TimestampMicroseconds = 0x000a;

    /// <summary>Type of the payload, u8: <see cref="HepPayloadType"/>.</summary>
    public const ushort PayloadType = 0x000b;

    /// <summary>Capture agent id, u32.</summary>
    public const ushort CaptureId = 0x000c;

    /// <summary>Authentication key, bytes.</summary>
    public const ushort AuthKey = 0x000e;

    /// <summary>The payload, bytes.</summary>
    public const ushort Payload = 0x000f;

    /// <summary>A compressed payload (gzip or inflate), bytes.</summary>
    public const ushort CompressedPayload = 0x0010;

    /// <summary>Internal correlation id, bytes: for Homer the SIP Call-ID.</summary>
    public const ushort CorrelationId = 0x0011;

    /// <summary>Capture agent's name, bytes.</summary>
    public const ushort NodeName = 0x0013;

    /// <summary>IPv4 in <see cref="AddressFamily"/>: the value on the wire, independent of the platform.</summary>
    public const byte FamilyIPv4 = 2;

    /// <summary>IPv6 in <see cref="AddressFamily"/> (Linux's AF_INET6; other systems number it differently).</summary>
    public const byte FamilyIPv6 = 10;
}
