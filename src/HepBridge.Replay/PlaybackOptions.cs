namespace HepBridge.Replay;

/// <summary>How a recording is played.</summary>
internal sealed record PlaybackOptions
{
    /// <summary>1: as recorded; 10: ten times as fast; 0: at once.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Events keep their recorded times.</summary>
    public bool KeepTimes { get; init; }

    /// <summary>So much of the recording's beginning is left out, as if the client came in the middle of it.</summary>
    public TimeSpan Skip { get; init; }

    /// <summary>It begins again at its end.</summary>
    public bool Loop { get; init; }
}
