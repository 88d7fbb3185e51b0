using HepBridge.Hep;

namespace HepBridge.Replay;

/// <summary>Plays a recorded HEP stream at its own pace.</summary>
/// <param name="recording">What to play.</param>
/// <param name="options">Pace and times.</param>
/// <param name="time">The clock.</param>
/// <param name="send">Sends one packet.</param>
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
            long shift = options.KeepTimes ? 0 : options.Shift ?? ShiftOf(first);
            foreach (HepRecordedPacket packet in recording.Packets)
            {
                if (packet.Time < first && options.Skip > TimeSpan.Zero)
                {
                    continue;
                }

                TimeSpan wait = options.Speed == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((packet.Time - first) / options.Speed) - time.GetElapsedTime(began);
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

    // Like the events of a playback: the last packet gets the time at which it is sent.
    private long ShiftOf(long first)
    {
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        long last = recording.Packets.Max(packet => packet.Time);
        long end = now + (options.Speed == 0 ? 0 : (long)((last - first) / options.Speed));
        return (long)Math.Floor((end - last) / 1_000_000.0);
    }
}
