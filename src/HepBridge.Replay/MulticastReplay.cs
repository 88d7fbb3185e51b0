namespace HepBridge.Replay;

/// <summary>Plays a recording to a group at the recorded pace. Skips log lines, which mod_event_multicast never sends.</summary>
internal sealed class MulticastReplay
{
    private readonly Recording _recording;
    private readonly PlaybackOptions _options;
    private readonly MulticastSender _sender;
    private readonly TimeProvider _time;
    private readonly byte[] _frame;

    /// <exception cref="RecordingException">The recording contains JSON.</exception>
    public MulticastReplay(Recording recording, PlaybackOptions options, MulticastSender sender, TimeProvider time)
    {
        if (recording.IsJson)
        {
            throw new RecordingException("it contains JSON events, but mod_event_multicast sends plain ones: record with 'event plain'.");
        }

        (_recording, _options, _sender, _time) = (recording, options, sender, time);
        _frame = new byte[recording.Frames.Max(static frame => frame.Length)];
    }

    /// <summary>Plays until the end or until canceled.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The network rejected a datagram.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        do
        {
            Playback playback = new(_recording, _options, _time);
            for (int i = playback.First; i < _recording.Frames.Count; i++)
            {
                TimeSpan wait = playback.Wait(i);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, cancellationToken);
                }

                cancellationToken.ThrowIfCancellationRequested();
                Send(playback, _recording.Frames[i]);
            }
        }
        while (_options.Loop);
    }

    private void Send(Playback playback, in RecordedFrame frame)
    {
        if (!frame.IsLog)
        {
            playback.Copy(frame, _frame);
            _sender.Send(_frame.AsSpan(frame.HeaderLength, frame.BodyLength));
        }
    }
}
