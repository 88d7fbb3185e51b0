namespace HepBridge.Reports;

/// <summary>When an event happened: UTC since 1970, and the switch's local time minus UTC.</summary>
internal readonly record struct EventTime(long UnixMicroseconds, int UtcOffsetMinutes)
{
    public uint Seconds => (uint)(UnixMicroseconds / 1_000_000);

    public uint MicrosecondOfSecond => (uint)(UnixMicroseconds % 1_000_000);
}
