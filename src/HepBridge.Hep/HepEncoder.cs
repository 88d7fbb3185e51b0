using System.Buffers.Binary;

namespace HepBridge.Hep;

/// <summary>
/// Encodes HEP3 packets (HEP3 specification, revision 37): "HEP3", total length, then chunks of vendor, type, length, value, all big-endian.
/// </summary>
/// <remarks>
/// <code>
/// | "HEP3" 4 | total length 2 | chunk … | chunk 0x000f: payload |
/// chunk = | vendor 2 (0) | type 2 | length 2, including these six bytes | value |
/// </code>
/// The order is fixed and the payload comes last. There are two ways to encode: <c>TryEncode</c> for an existing payload, and
/// <see cref="WriteHeader"/>, the payload written right after it, then <see cref="Complete"/> for one that is built in place.
/// Allocates nothing and never truncates: what does not fit is rejected.
/// </remarks>
public static class HepEncoder
{
    /// <summary>The largest packet: the length field has 16 bits.</summary>
    public const int MaxPacketLength = ushort.MaxValue;

    /// <summary>Vendor, type and length of a chunk, 2 bytes each.</summary>
    internal const int ChunkHeaderLength = 6;

    private const int PreambleLength = HepStreamFramer.PreambleLength;

    // Family, protocol, type: 1 byte each; ports: 2; seconds, microseconds, capture id: 4. Each has a chunk header.
    private const int FixedLength = PreambleLength + (8 * ChunkHeaderLength) + 3 + (2 * 2) + (3 * 4);

    /// <summary>Length of everything before the payload's own bytes.</summary>
    public static int HeaderLength(in HepPacket packet)
    {
        int addresses = 2 * (ChunkHeaderLength + (IsIPv6(packet) ? 16 : 4));
        return FixedLength + addresses + OptionalLength(packet.CorrelationId) + OptionalLength(packet.AuthKey)
            + OptionalLength(packet.NodeName) + ChunkHeaderLength;
    }

    /// <summary>
    /// Writes everything before the payload's own bytes; ignores <see cref="HepPacket.Payload"/>. Returns the number of bytes, or 0 if
    /// <paramref name="destination"/> is too small or a chunk would exceed 65,535 bytes.
    /// </summary>
    public static int WriteHeader(in HepPacket packet, Span<byte> destination)
    {
        int length = HeaderLength(packet);
        if (length > destination.Length || length > MaxPacketLength)
        {
            return 0;
        }

        bool ipv6 = IsIPv6(packet);
        "HEP3"u8.CopyTo(destination);
        int at = PreambleLength;
        at = WriteByte(destination, at, HepChunk.AddressFamily, ipv6 ? HepChunk.FamilyIPv6 : HepChunk.FamilyIPv4);
        at = WriteByte(destination, at, HepChunk.Protocol, packet.Protocol);
        at = WriteAddress(destination, at, ipv6, HepChunk.SourceIPv4, HepChunk.SourceIPv6, packet.Source);
        at = WriteAddress(destination, at, ipv6, HepChunk.DestinationIPv4, HepChunk.DestinationIPv6, packet.Destination);
        at = WriteUInt16(destination, at, HepChunk.SourcePort, packet.SourcePort);
        at = WriteUInt16(destination, at, HepChunk.DestinationPort, packet.DestinationPort);
        at = WriteUInt32(destination, at, HepChunk.TimestampSeconds, packet.Seconds);
        at = WriteUInt32(destination, at, HepChunk.TimestampMicroseconds, packet.Microseconds);
        at = WriteByte(destination, at, HepChunk.PayloadType, (byte)packet.PayloadType);
        at = WriteUInt32(destination, at, HepChunk.CaptureId, packet.CaptureId);
        at = WriteOptional(destination, at, HepChunk.AuthKey, packet.AuthKey);
        at = WriteOptional(destination, at, HepChunk.CorrelationId, packet.CorrelationId);
        at = WriteOptional(destination, at, HepChunk.NodeName, packet.NodeName);
        return WriteChunkHeader(destination, at, HepChunk.Payload, 0);
    }

    /// <summary>Fills in the two lengths that <see cref="WriteHeader"/> left open.</summary>
    /// <param name="packet">Exactly the header and the payload.</param>
    /// <param name="headerLength">What <see cref="WriteHeader"/> returned.</param>
    /// <exception cref="OverflowException">The packet is longer than 65,535 bytes.</exception>
    public static void Complete(Span<byte> packet, int headerLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], checked((ushort)packet.Length));
        BinaryPrimitives.WriteUInt16BigEndian(packet[(headerLength - 2)..], checked((ushort)(packet.Length - headerLength + ChunkHeaderLength)));
    }

    /// <summary>Encodes a packet; false if it does not fit into the destination or into 65,535 bytes.</summary>
    public static bool TryEncode(in HepPacket packet, Span<byte> destination, out int written)
    {
        written = 0;
        int header = WriteHeader(packet, destination);
        if (header == 0 || packet.Payload.Length > Math.Min(destination.Length, MaxPacketLength) - header)
        {
            return false;
        }

        int total = header + packet.Payload.Length;
        packet.Payload.CopyTo(destination[header..]);
        Complete(destination[..total], header);
        written = total;
        return true;
    }

    // One IPv6 address makes the pair IPv6; an unspecified address takes the other's family.
    private static bool IsIPv6(in HepPacket packet) =>
        (packet.Source.IsIPv6 && (!packet.Source.IsUnspecified || packet.Destination.IsUnspecified || packet.Destination.IsIPv6))
        || (packet.Destination.IsIPv6 && (!packet.Destination.IsUnspecified || packet.Source.IsUnspecified || packet.Source.IsIPv6));

    // Anything longer than a packet counts as one byte too long, so the sum of lengths cannot overflow.
    private static int OptionalLength(ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : ChunkHeaderLength + Math.Min(value.Length, MaxPacketLength);

    private static int WriteChunkHeader(Span<byte> destination, int at, ushort type, int valueLength)
    {
        Span<byte> header = destination.Slice(at, ChunkHeaderLength);
        BinaryPrimitives.WriteUInt32BigEndian(header, type);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(ChunkHeaderLength + valueLength));
        return at + ChunkHeaderLength;
    }

    private static int WriteByte(Span<byte> destination, int at, ushort type, byte value)
    {
        at = WriteChunkHeader(destination, at, type, 1);
        destination[at] = value;
        return at + 1;
    }

    private static int WriteUInt16(Span<byte> destination, int at, ushort type, ushort value)
    {
        at = WriteChunkHeader(destination, at, type, 2);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], value);
        return at + 2;
    }

    private static int WriteUInt32(Span<byte> destination, int at, ushort type, uint value)
    {
        at = WriteChunkHeader(destination, at, type, 4);
        BinaryPrimitives.WriteUInt32BigEndian(destination[at..], value);
        return at + 4;
    }

    private static int WriteAddress(Span<byte> destination, int at, bool ipv6, ushort type4, ushort type6, HepAddress address)
    {
        if (ipv6)
        {
            at = WriteChunkHeader(destination, at, type6, 16);
            address.WriteIPv6(destination[at..]);
            return at + 16;
        }

        at = WriteChunkHeader(destination, at, type4, 4);
        if (address.IsIPv6)
        {
            destination.Slice(at, 4).Clear();
            return at + 4;
        }

        return at + address.WriteBytes(destination[at..]);
    }

    private static int WriteOptional(Span<byte> destination, int at, ushort type, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return at;
        }

        at = WriteChunkHeader(destination, at, type, value.Length);
        value.CopyTo(destination[at..]);
        return at + value.Length;
    }
}
