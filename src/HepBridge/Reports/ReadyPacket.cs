using System.Text;
using System.Text.Unicode;
using HepBridge.Hep;
using HepBridge.Masking;

namespace HepBridge.Reports;

/// <summary>
/// Cleans another agent's packet without changing its length: masks secrets in its payload, and replaces NUL and
/// invalid UTF-8 in text, which PostgreSQL rejects, by <c>?</c>. Leaves binary payloads alone.
/// </summary>
internal static class ReadyPacket
{
    private const int ChunkHeader = 6;

    public static void Clean(Span<byte> packet, ValueMask mask)
    {
        if (!HepDecoder.TryDecode(packet, out HepPacket decoded, out _))
        {
            return;
        }

        bool isText = decoded.PayloadType is HepPayloadType.Sip or HepPayloadType.Log || (!decoded.Payload.IsEmpty && decoded.Payload[0] == '{');
        int at = HepStreamFramer.PreambleLength;
        HepChunkReader chunks = new(packet);
        while (chunks.Read())
        {
            Span<byte> value = packet.Slice(at + ChunkHeader, chunks.Value.Length);
            at += ChunkHeader + value.Length;
            if (chunks.Type == HepChunk.Payload && isText)
            {
                mask.ApplyToPayload(value);
                Repair(value);
            }
            else if (chunks.Type == HepChunk.CorrelationId)
            {
                Repair(value);
            }
        }
    }

    private static void Repair(Span<byte> text)
    {
        if (!text.Contains((byte)0) && Utf8.IsValid(text))
        {
            return;
        }

        while (!text.IsEmpty)
        {
            bool isValid = Rune.DecodeFromUtf8(text, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done && rune.Value != 0;
            if (!isValid)
            {
                text[..consumed].Fill((byte)'?');
            }

            text = text[consumed..];
        }
    }
}
