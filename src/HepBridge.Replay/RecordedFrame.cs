namespace HepBridge.Replay;

/// <summary>An event or a log line of a recording: its position, and what determines whether and when a client gets it.</summary>
/// <param name="Offset">First byte in <see cref="Recording.Bytes"/>.</param>
/// <param name="Length">Total length in bytes.</param>
/// <param name="HeaderLength">Bytes before the body.</param>
/// <param name="Name">Event-Name; empty for a log line.</param>
/// <param name="Subclass">Event-Subclass, decoded; empty if there is none.</param>
/// <param name="LogLevel">0–7 for a log line, else -1.</param>
/// <param name="Time">When it arrived, in microseconds since 1970, never before the previous frame.</param>
/// <param name="FirstField">Index of its first time in <see cref="Recording.Fields"/>.</param>
/// <param name="FieldCount">Number of its times.</param>
internal readonly record struct RecordedFrame(
    int Offset, int Length, int HeaderLength, string Name, string Subclass, int LogLevel, long Time, int FirstField, int FieldCount)
{
    public bool IsLog => LogLevel >= 0;

    public int BodyOffset => Offset + HeaderLength;

    public int BodyLength => Length - HeaderLength;
}
