using System.Buffers.Binary;

namespace HepBridge.Hep;

/// <summary>
/// Decodes HEP3 packets (HEP3 specification, revision 37) of any agent: chunks in any order, the last of a kind wins, unknown generic chunks and
/// vendor chunks are skipped.
/// </summary>
/// <remarks>
/// Lenient where agents differ and the meaning is clear: bytes after the total length are ignored, the address family
/// is derived from the address chunks (chunk 0x0001 differs between operating systems), a capture id may have 2 bytes, absent chunks
/// are zero or empty. Use <see cref="HepChunkReader"/> for chunks that <see cref="HepPacket"/> lacks.
/// </remarks>
public static class HepDecoder
{
    /// <summary>Decodes one packet; false with the reason if it is invalid. Never throws, whatever the bytes, and allocates nothing.</summary>
    /// <param name="packet">A datagram, or what <see cref="HepStreamFramer"/> cut out of a stream.</param>
    /// <param name="decoded">The packet; its spans point into <paramref name="packet"/>. Empty if rejected.</param>
    /// <param name="reason">Why it was rejected, else <see cref="HepReject.None"/>.</param>
    public static bool TryDecode(ReadOnlySpan<byte> packet, out HepPacket decoded, out HepReject reason)
    {
        HepPacket found = new() { Protocol = 0 };
        decoded = found;
        HepChunkReader chunks = new(packet);
        while (chunks.Read())
        {
            if (chunks.Vendor == 0 && !TryTake(chunks.Type, chunks.Value, ref found))
            {
                reason = HepReject.BadFixedSize;
                return false;
            }
        }

        reason = chunks.Reject;
        if (reason == HepReject.None && found.PayloadType == HepPayloadType.Reserved)
        {
            reason = HepReject.NoPayloadType;
        }

        if (reason != HepReject.None)
        {
            return false;
        }

        decoded = found;
        return true;
    }

    // Returns false if the size differs from the chunk's fixed one.
    private static bool TryTake(ushort type, ReadOnlySpan<byte> value, ref HepPacket packet)
    {
        switch (type)
        {
            case HepChunk.AddressFamily:
                return value.Length == 1;
            case HepChunk.Protocol when value.Length == 1:
                packet.Protocol = value[0];
                return true;
            case HepChunk.SourceIPv4 when value.Length == 4:
            case HepChunk.SourceIPv6 when value.Length == 16:
                packet.Source = HepAddress.FromBytes(value);
                return true;
            case HepChunk.DestinationIPv4 when value.Length == 4:
            case HepChunk.DestinationIPv6 when value.Length == 16:
                packet.Destination = HepAddress.FromBytes(value);
                return true;
            case HepChunk.SourcePort when value.Length == 2:
                packet.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(value);
                return true;
            case HepChunk.DestinationPort when value.Length == 2:
                packet.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(value);
                return true;
            case HepChunk.TimestampSeconds when value.Length == 4:
                packet.Seconds = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case HepChunk.TimestampMicroseconds when value.Length == 4:
                packet.Microseconds = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case HepChunk.PayloadType when value.Length == 1:
                packet.PayloadType = (HepPayloadType)value[0];
                return true;
            case HepChunk.CaptureId when value.Length == 4:
                packet.CaptureId = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case HepChunk.CaptureId when value.Length == 2:
                // Agents older than the 32-bit id.
                packet.CaptureId = BinaryPrimitives.ReadUInt16BigEndian(value);
                return true;
            case HepChunk.AuthKey:
                packet.AuthKey = value;
                return true;
            case HepChunk.Payload:
                packet.Payload = value;
                return true;
            case HepChunk.CorrelationId:
                packet.CorrelationId = value;
                return true;
            case HepChunk.NodeName:
                packet.NodeName = value;
                return true;
            default:
                // Fixed-size chunks get here only with a wrong size.
                return type is 0 or > HepChunk.CaptureId;
        }
    }
}

/// <summary>Why bytes are not a HEP3 packet.</summary>
public enum HepReject
{
    None = 0,

    /// <summary>The first bytes are not "HEP3".</summary>
    NotHep,

    /// <summary>The bytes end before the packet does.</summary>
    Truncated,

    /// <summary>The total length is less than the six bytes that state it.</summary>
    BadTotalLength,

    /// <summary>A chunk is shorter than its header or extends past the packet's end.</summary>
    BadChunkLength,

    /// <summary>A chunk has a size other than the one that the specification fixes.</summary>
    BadFixedSize,

    /// <summary>No payload type (0x000b), or type 0: no collector stores such a packet (some agents send them as keep-alives).</summary>
    NoPayloadType,
}
