namespace HepBridge.Reports;

/// <summary>When an event happened: UTC since 1970, and the switch's local time minus UTC.</summary>
internal readonly record struct EventTime(long UnixMicroseconds, int UtcOffsetMinutes)
{
    public uint Seconds => (uint)(UnixMicroseconds / 1_000_000);

    public uint MicrosecondOfSecond => (uint)(UnixMicroseconds % 1_000_000);
}

/// <summary>Writes an event's time as ISO 8601 in the switch's local time, with microseconds and offset: 2026-11-21T23:55:19.500714+01:00.</summary>
internal static class TimeText
{
    public static void Write(ref PayloadWriter writer, EventTime time)
    {
        long local = time.UnixMicroseconds + (time.UtcOffsetMinutes * 60_000_000L);
        DateTime at = new(DateTime.UnixEpoch.Ticks + (Math.Max(local, 0) * TimeSpan.TicksPerMicrosecond), DateTimeKind.Unspecified);
        (int year, int month, int day) = DateOnly.FromDateTime(at);
        writer.Digits((uint)year, 4);
        writer.Raw((byte)'-');
        writer.Digits((uint)month, 2);
        writer.Raw((byte)'-');
        writer.Digits((uint)day, 2);
        writer.Raw((byte)'T');
        writer.Digits((uint)at.Hour, 2);
        writer.Raw((byte)':');
        writer.Digits((uint)at.Minute, 2);
        writer.Raw((byte)':');
        writer.Digits((uint)at.Second, 2);
        writer.Raw((byte)'.');
        writer.Digits(time.MicrosecondOfSecond, 6);
        uint offset = (uint)Math.Abs(time.UtcOffsetMinutes);
        writer.Raw(time.UtcOffsetMinutes < 0 ? (byte)'-' : (byte)'+');
        writer.Digits(offset / 60, 2);
        writer.Raw((byte)':');
        writer.Digits(offset % 60, 2);
    }

    /// <summary>Writes a time as seconds with microseconds, a JSON number.</summary>
    public static void WriteSeconds(ref PayloadWriter writer, EventTime time)
    {
        writer.Number(time.Seconds);
        writer.Raw((byte)'.');
        writer.Digits(time.MicrosecondOfSecond, 6);
    }
}
