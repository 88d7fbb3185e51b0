namespace HepBridge.Replay;

/// <summary>One playback of a recording: when each frame is due, and by how much its times are shifted. Sends nothing.</summary>
internal sealed class Playback(Recording recording, PlaybackOptions options, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    /// <summary>The first frame to play.</summary>
    public int First { get; } = recording.FirstAfter(options.Skip);

    /// <summary>Seconds by which times are shifted.</summary>
    public long Shift { get; } = options.ShiftOf(recording.Frames[recording.FirstAfter(options.Skip)].Time, recording.Frames[^1].Time, time);

    /// <summary>Time until a frame is due; zero or less means now.</summary>
    public TimeSpan Wait(int index) =>
        options.Speed == 0 ? TimeSpan.Zero : options.DueAfter(recording.Frames[index].Time - recording.Frames[First].Time) - time.GetElapsedTime(_began);

    public Task WaitAsync(int index, CancellationToken cancellationToken) =>
        Wait(index) is { Ticks: > 0 } wait ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;

    /// <summary>Copies a frame with its times shifted; its length stays the same.</summary>
    public void Copy(in RecordedFrame frame, Span<byte> destination)
    {
        recording.Bytes.AsSpan(frame.Offset, frame.Length).CopyTo(destination);
        if (Shift == 0)
        {
            return;
        }

        for (int i = frame.FirstField; i < frame.FirstField + frame.FieldCount; i++)
        {
            TimeField field = recording.Fields[i];
            TimeField.Move(destination.Slice(field.Offset - frame.Offset, TimeField.LengthOf(field.Kind)), field.Kind, Shift);
        }
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

    /// <summary>How long after the first thing that is played another is due, in microseconds of the recording.</summary>
    public TimeSpan DueAfter(long microseconds) => Speed == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(microseconds / Speed);

    /// <summary>
    /// Seconds by which times are shifted. The last one becomes its sending time, so that none is in the future at any speed;
    /// whole seconds keep all time formats in step.
    /// </summary>
    public long ShiftOf(long first, long last, TimeProvider time)
    {
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        long end = now + (long)DueAfter(last - first).TotalMicroseconds;
        return KeepTimes ? 0 : Shift ?? (long)Math.Floor((end - last) / 1_000_000.0);
    }
}
