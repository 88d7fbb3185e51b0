namespace HepBridge.Replay;

/// <summary>Plays a recording to a group at the recorded pace. Skips log lines, which mod_event_multicast never sends.</summary>
/// <exception cref="RecordingException">The recording contains JSON.</exception>
internal sealed class MulticastReplay(Recording recording, PlaybackOptions options, MulticastSender sender, TimeProvider time)
{
    private readonly byte[] _frame = recording.IsJson
        ? throw new RecordingException("it contains JSON events, but mod_event_multicast sends plain ones: record with 'event plain'.")
        : new byte[recording.Frames.Max(static frame => frame.Length)];

    /// <summary>Plays until the end or until canceled.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The network rejected a datagram.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        do
        {
            Playback playback = new(recording, options, time);
            for (int i = playback.First; i < recording.Frames.Count; i++)
            {
                await playback.WaitAsync(i, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                RecordedFrame frame = recording.Frames[i];
                if (!frame.IsLog)
                {
                    playback.Copy(frame, _frame);
                    sender.Send(_frame.AsSpan(frame.HeaderLength, frame.BodyLength));
                }
            }
        }
        while (options.Loop);
    }
}
