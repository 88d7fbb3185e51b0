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

/// <summary>Plays a recorded HEP stream at its own pace.</summary>
internal sealed class HepReplay(HepRecording recording, PlaybackOptions options, TimeProvider time, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send)
{
    private readonly byte[] _packet = new byte[HepEncoder.MaxPacketLength];

    public long Sent { get; private set; }

    /// <summary>Plays until the end or until canceled.</summary>
    /// <param name="begin">The recorded time that is now, in microseconds since 1970; null: that of the first packet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(long? begin, CancellationToken cancellationToken)
    {
        do
        {
            long began = time.GetTimestamp();
            long first = (begin ?? recording.Packets[0].Time) + (long)options.Skip.TotalMicroseconds;
            long shift = options.ShiftOf(first, recording.Packets.Max(static packet => packet.Time), time);
            foreach (HepRecordedPacket packet in recording.Packets)
            {
                if (packet.Time < first && options.Skip > TimeSpan.Zero)
                {
                    continue;
                }

                TimeSpan wait = options.DueAfter(packet.Time - first) - time.GetElapsedTime(began);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, cancellationToken);
                }

                cancellationToken.ThrowIfCancellationRequested();
                recording.Bytes.AsSpan(packet.Offset, packet.Length).CopyTo(_packet);
                HepRecording.Shift(_packet.AsSpan(0, packet.Length), shift);
                await send(_packet.AsMemory(0, packet.Length), cancellationToken);
                Sent++;
            }
        }
        while (options.Loop);
    }
}
