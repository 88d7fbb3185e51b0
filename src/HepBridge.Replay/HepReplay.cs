using HepBridge.Hep;

namespace HepBridge.Replay;

/// <summary>Plays a recorded HEP stream at its own pace.</summary>
internal sealed class HepReplay(HepRecording recording, PlaybackOptions options, TimeProvider time, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send)
{
    private readonly byte[] _packet = new byte[HepEncoder.MaxPacketLength];

    /// <summary>Packets sent.</summary>
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
