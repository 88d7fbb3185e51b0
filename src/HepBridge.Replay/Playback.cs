namespace HepBridge.Replay;

/// <summary>One playback of a recording: when each frame is due, and by how much its times are shifted. Sends nothing.</summary>
internal sealed class Playback
{
    private readonly Recording _recording;
    private readonly PlaybackOptions _options;
    private readonly TimeProvider _time;
    private readonly long _began;

    /// <summary>Starts now.</summary>
    public Playback(Recording recording, PlaybackOptions options, TimeProvider time)
    {
        (_recording, _options, _time) = (recording, options, time);
        _began = time.GetTimestamp();
        First = FirstAfter(recording, options.Skip);

        // The last event gets its sending time, so that none is in the future at any speed; whole seconds keep all time formats in step.
        IReadOnlyList<RecordedFrame> frames = recording.Frames;
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        long end = now + (frames.Count > First ? (long)DueAfter(frames.Count - 1).TotalMicroseconds : 0);
        Shift = options.KeepTimes ? 0 : options.Shift ?? (long)Math.Floor((end - frames[^1].Time) / 1_000_000.0);
    }

    /// <summary>The first frame to play.</summary>
    public int First { get; }

    /// <summary>Seconds by which times are shifted.</summary>
    public long Shift { get; }

    /// <summary>Time until a frame is due; zero or less means now.</summary>
    public TimeSpan Wait(int index) => _options.Speed == 0 ? TimeSpan.Zero : DueAfter(index) - _time.GetElapsedTime(_began);

    /// <summary>Copies a frame with its times shifted; its length stays the same.</summary>
    public void Copy(in RecordedFrame frame, Span<byte> destination)
    {
        _recording.Bytes.AsSpan(frame.Offset, frame.Length).CopyTo(destination);
        if (Shift == 0)
        {
            return;
        }

        for (int i = frame.FirstField; i < frame.FirstField + frame.FieldCount; i++)
        {
            TimeField field = _recording.Fields[i];
            TimeField.Move(destination.Slice(field.Offset - frame.Offset, TimeField.LengthOf(field.Kind)), field.Kind, Shift);
        }
    }

    private TimeSpan DueAfter(int index)
    {
        long after = _recording.Frames[index].Time - _recording.Frames[First].Time;
        return _options.Speed == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(after / _options.Speed);
    }

    private static int FirstAfter(Recording recording, TimeSpan skip)
    {
        long time = recording.Frames[0].Time + (long)skip.TotalMicroseconds;
        int index = 0;
        while (index < recording.Frames.Count - 1 && recording.Frames[index].Time < time)
        {
            index++;
        }

        return index;
    }
}

/// <summary>How a recording is played.</summary>
internal sealed record PlaybackOptions
{
    /// <summary>Seconds by which times are shifted; null: so that the last event is sent at its own time.</summary>
    public long? Shift { get; init; }

    /// <summary>1: as recorded; 10: ten times as fast; 0: at once.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Whether events keep their recorded times.</summary>
    public bool KeepTimes { get; init; }

    /// <summary>How much of the recording's beginning to skip, as if the client connected later.</summary>
    public TimeSpan Skip { get; init; }

    /// <summary>Whether to start over at the end.</summary>
    public bool Loop { get; init; }
}
