namespace HepBridge.Replay;

internal sealed record PlaybackOptions
{
    /// <summary>1: as recorded; 10: ten times faster; 0: as fast as possible.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Keep the recorded times.</summary>
    public bool KeepTimes { get; init; }

    /// <summary>Skip this much of the recording, as if the client connected in the middle.</summary>
    public TimeSpan Skip { get; init; }

    /// <summary>Start over at the end.</summary>
    public bool Loop { get; init; }
}
