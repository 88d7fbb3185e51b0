using System.Buffers.Binary;

namespace HepBridge.Hep;

/// <summary>Changes to another agent's packet: sets the given chunks, and leaves all other bytes unchanged and in order.</summary>
public ref struct HepEdit
{
    /// <summary>Capture id to set (0x000c); 0: unchanged.</summary>
    public uint CaptureId { readonly get; set; }

    /// <summary>Authentication key to set (0x000e); empty: unchanged.</summary>
    public ReadOnlySpan<byte> AuthKey { readonly get; set; }

    /// <summary>Correlation id to set (0x0011); empty: unchanged.</summary>
    public ReadOnlySpan<byte> CorrelationId { readonly get; set; }

    /// <summary>Node name to set (0x0013); empty: unchanged.</summary>
    public ReadOnlySpan<byte> NodeName { readonly get; set; }

    /// <summary>IPv6 address for a source chunk (0x0005) that is all zero; unspecified: unchanged.</summary>
    public HepAddress Source { readonly get; set; }

    /// <summary>IPv6 address for a destination chunk (0x0006) that is all zero; unspecified: unchanged.</summary>
    public HepAddress Destination { readonly get; set; }

    /// <summary>Whether it changes nothing.</summary>
    public readonly bool IsEmpty =>
        CaptureId == 0 && AuthKey.IsEmpty && CorrelationId.IsEmpty && NodeName.IsEmpty && Source.IsUnspecified && Destination.IsUnspecified;

    /// <summary>Writes the changed packet. False, with nothing useful written, if the packet is invalid or would not fit.</summary>
    /// <param name="packet">A whole packet.</param>
    /// <param name="destination">Room for the changed packet; up to <see cref="HepEncoder.MaxPacketLength"/> bytes are used.</param>
    /// <param name="length">Length of the changed packet.</param>
    public readonly bool TryApply(ReadOnlySpan<byte> packet, Span<byte> destination, out int length)
    {
        length = 0;
        Writer writer = new(destination);
        if (packet.Length < HepStreamFramer.PreambleLength || !writer.TryAppend(packet[..HepStreamFramer.PreambleLength]))
        {
            return false;
        }

        HepChunkReader chunks = new(packet);
        bool fits = true;
        bool hasMissing = false;
        while (fits && chunks.Read())
        {
            bool isOther = chunks.Vendor != 0;
            switch (chunks.Type)
            {
                case HepChunk.CaptureId when !isOther && CaptureId != 0:
                case HepChunk.AuthKey when !isOther && !AuthKey.IsEmpty:
                case HepChunk.CorrelationId when !isOther && !CorrelationId.IsEmpty:
                case HepChunk.NodeName when !isOther && !NodeName.IsEmpty:
                    fits = TryAppendOwn(ref writer, chunks.Type);
                    break;
                case HepChunk.SourceIPv6 when !isOther:
                    fits = TryAppendAddress(ref writer, chunks.Type, chunks.Value, Source);
                    break;
                case HepChunk.DestinationIPv6 when !isOther:
                    fits = TryAppendAddress(ref writer, chunks.Type, chunks.Value, Destination);
                    break;
                case HepChunk.Payload when !isOther && !hasMissing:
                    // The payload stays last, as in most agents' packets.
                    hasMissing = true;
                    fits = TryAppendMissing(ref writer, packet) && writer.TryAppend(0, chunks.Type, chunks.Value);
                    break;
                default:
                    fits = writer.TryAppend(chunks.Vendor, chunks.Type, chunks.Value);
                    break;
            }
        }

        fits = fits && (hasMissing || TryAppendMissing(ref writer, packet));
        if (!fits || chunks.Reject != HepReject.None || writer.Length > HepEncoder.MaxPacketLength)
        {
            return false;
        }

        length = writer.Length;
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)length);
        return true;
    }

    private readonly bool TryAppendMissing(scoped ref Writer writer, ReadOnlySpan<byte> packet) =>
        TryAppendIfMissing(ref writer, packet, HepChunk.CaptureId, CaptureId != 0)
        && TryAppendIfMissing(ref writer, packet, HepChunk.AuthKey, !AuthKey.IsEmpty)
        && TryAppendIfMissing(ref writer, packet, HepChunk.CorrelationId, !CorrelationId.IsEmpty)
        && TryAppendIfMissing(ref writer, packet, HepChunk.NodeName, !NodeName.IsEmpty);

    private readonly bool TryAppendIfMissing(scoped ref Writer writer, ReadOnlySpan<byte> packet, ushort type, bool isSet) =>
        !isSet || HepChunkReader.TryFind(packet, type, out _) || TryAppendOwn(ref writer, type);

    private readonly bool TryAppendOwn(scoped ref Writer writer, ushort type)
    {
        if (type == HepChunk.CaptureId)
        {
            Span<byte> id = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(id, CaptureId);
            return writer.TryAppend(0, type, id);
        }

        return writer.TryAppend(0, type, type == HepChunk.AuthKey ? AuthKey : type == HepChunk.CorrelationId ? CorrelationId : NodeName);
    }

    private static bool TryAppendAddress(scoped ref Writer writer, ushort type, scoped ReadOnlySpan<byte> value, HepAddress address)
    {
        if (address.IsUnspecified || !address.IsIPv6 || value.ContainsAnyExcept((byte)0))
        {
            return writer.TryAppend(0, type, value);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteIPv6(bytes);
        return writer.TryAppend(0, type, bytes);
    }

    private ref struct Writer(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public bool TryAppend(scoped ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > _destination.Length - Length)
            {
                return false;
            }

            bytes.CopyTo(_destination[Length..]);
            Length += bytes.Length;
            return true;
        }

        public bool TryAppend(ushort vendor, ushort type, scoped ReadOnlySpan<byte> value)
        {
            int length = HepEncoder.ChunkHeaderLength + value.Length;
            Span<byte> header = stackalloc byte[HepEncoder.ChunkHeaderLength];
            BinaryPrimitives.WriteUInt16BigEndian(header, vendor);
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], type);
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)length);
            return length <= ushort.MaxValue && TryAppend(header) && TryAppend(value);
        }
    }
}
