namespace HepBridge.Reports;

/// <summary>When an event happened: UTC since 1970, and the switch's local time minus UTC.</summary>
internal readonly record struct EventTime(long Microseconds, int UtcOffsetMinutes)
{
    public uint Seconds => (uint)(Microseconds / 1_000_000);

    public uint Fraction => (uint)(Microseconds % 1_000_000);
}
