using System.Buffers.Binary;
using HepBridge.Hep;

namespace HepBridge.Replay;

/// <summary>A recorded HEP3 stream in memory: packets one behind the other, as <c>record --hep</c> writes them, the page exports them, and a spool keeps them.</summary>
internal sealed class HepRecording(byte[] bytes, IReadOnlyList<HepRecordedPacket> packets)
{
    public byte[] Bytes => bytes;

    public IReadOnlyList<HepRecordedPacket> Packets => packets;

    /// <summary>Where an incomplete packet starts at the end, which is not played; null if the recording ends with a whole one.</summary>
    public int? CutAt { get; private init; }

    /// <summary>Whether a file is one by its name: <c>.hep</c> or <c>.hep.gz</c>.</summary>
    public static bool IsOne(string path) => path.EndsWith(".hep", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".hep.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file, plain or gzipped.</summary>
    /// <exception cref="RecordingException">The file is not a recording.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static HepRecording Load(string path)
    {
        try
        {
            return Parse(Recording.ReadFile(path));
        }
        catch (InvalidDataException)
        {
            throw new RecordingException("its compression is damaged.");
        }
    }

    /// <summary>The SIP of the demo's recording, which is embedded in the program.</summary>
    public static HepRecording LoadDemo() => Parse(Recording.ReadEmbedded("demo.hep.gz"));

    /// <exception cref="RecordingException">The bytes are not such a stream.</exception>
    public static HepRecording Parse(byte[] bytes)
    {
        List<HepRecordedPacket> packets = [];
        for (int at = 0; at < bytes.Length;)
        {
            HepFrame frame = HepStreamFramer.Next(bytes.AsSpan(at), out int length);
            if (frame == HepFrame.NeedMore && packets.Count > 0)
            {
                return new HepRecording(bytes, packets) { CutAt = at };
            }

            if (frame != HepFrame.Packet || !HepDecoder.TryDecode(bytes.AsSpan(at, length), out HepPacket packet, out _))
            {
                throw new RecordingException($"byte {at} does not start a HEP3 packet.");
            }

            packets.Add(new HepRecordedPacket(at, length, (packet.Seconds * 1_000_000L) + packet.Microseconds));
            at += length;
        }

        return packets.Count == 0 ? throw new RecordingException("it contains no packet.") : new HepRecording(bytes, packets);
    }

    /// <summary>Moves a packet's time.</summary>
    public static void Shift(Span<byte> packet, long seconds)
    {
        int at = HepStreamFramer.PreambleLength;
        HepChunkReader chunks = new(packet);
        while (seconds != 0 && chunks.Read())
        {
            at += 6 + chunks.Value.Length;
            if (chunks is { Vendor: 0, Type: HepChunk.TimestampSeconds })
            {
                long moved = BinaryPrimitives.ReadUInt32BigEndian(packet[(at - 4)..]) + seconds;
                BinaryPrimitives.WriteUInt32BigEndian(packet[(at - 4)..], (uint)Math.Clamp(moved, 0, uint.MaxValue));
            }
        }
    }
}

/// <summary>One packet of a recording.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">Its length.</param>
/// <param name="Time">Its own time, in microseconds since 1970.</param>
internal readonly record struct HepRecordedPacket(int Offset, int Length, long Time);
