using System.Buffers.Binary;
using HepBridge.Hep;
using HepBridge.Masking;

namespace HepBridge.Collector.Store;

/// <summary>Copies a packet for storage: without the auth key, and with the secrets in its text masked.</summary>
internal static class PacketSanitizer
{
    private const int ChunkHeaderLength = 6;

    /// <summary>
    /// Copies chunk by chunk. Leaves out the auth key (0x000e) of any vendor, since collectors ignore the vendor, and the compressed
    /// payload (0x0010), which cannot be masked.
    /// </summary>
    /// <param name="packet">A packet that the decoder accepted.</param>
    /// <param name="mask">Masks the payload.</param>
    public static byte[] Copy(ReadOnlySpan<byte> packet, ValueMask mask)
    {
        int length = HepStreamFramer.PreambleLength;
        HepChunkReader chunks = new(packet);
        while (chunks.Read())
        {
            length += IsKept(chunks.Type) ? ChunkHeaderLength + chunks.Value.Length : 0;
        }

        byte[] copy = GC.AllocateUninitializedArray<byte>(length);
        "HEP3"u8.CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(4), checked((ushort)length));
        Span<byte> rest = copy.AsSpan(HepStreamFramer.PreambleLength);
        chunks = new HepChunkReader(packet);
        while (chunks.Read())
        {
            if (!IsKept(chunks.Type))
            {
                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(rest, chunks.Vendor);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], chunks.Type);
            BinaryPrimitives.WriteUInt16BigEndian(rest[4..], (ushort)(ChunkHeaderLength + chunks.Value.Length));
            Span<byte> value = rest.Slice(ChunkHeaderLength, chunks.Value.Length);
            chunks.Value.CopyTo(value);
            if (chunks.Type == HepChunk.Payload)
            {
                mask.ApplyToPayload(value);
            }

            rest = rest[(ChunkHeaderLength + value.Length)..];
        }

        return copy;
    }

    private static bool IsKept(ushort type) => type is not (HepChunk.AuthKey or HepChunk.CompressedPayload);
}
