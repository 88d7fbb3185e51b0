using System.Buffers.Text;
using HepBridge.Calls;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Pipeline;

/// <summary>Determines when an event happened: its own time rather than that of its sending, wherever possible.</summary>
internal sealed class EventClock(PipelineCounters counters)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    // HEP stores seconds in 32 bits.
    private const long LatestMicroseconds = uint.MaxValue * MicrosecondsPerSecond;

    // Longest Event-Date-Local; "2026-11-21%2023%3A55%3A06" has 25 bytes.
    private const int MaxLocalDate = 64;

    /// <summary>Times further than this from now are replaced, in microseconds; 0: never.</summary>
    public long MaxSkewMicroseconds { get; set; }

    public EventTime Read(scoped in FreeSwitchEvent e, Switch owner, long nowMicroseconds)
    {
        long time = e.Kind == EventKind.Log ? ReadLogLine(e.Body.Raw, owner)
            : e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp) && stamp > 0 ? stamp
            : -1;
        return new EventTime(Check(time, nowMicroseconds), owner.UtcOffsetMinutes);
    }

    /// <summary>A time fit for sending: the current time replaces one that is invalid (negative), absent (0) or too far off.</summary>
    public long Check(long time, long nowMicroseconds)
    {
        if (time == 0)
        {
            return nowMicroseconds;
        }

        if (time is < 0 or > LatestMicroseconds)
        {
            counters.TimeUnreadable++;
            return nowMicroseconds;
        }

        if (MaxSkewMicroseconds > 0 && Math.Abs(time - nowMicroseconds) > MaxSkewMicroseconds)
        {
            counters.TimeReplaced++;
            return nowMicroseconds;
        }

        return time;
    }

    /// <summary>Event-Date-Local minus Event-Date-Timestamp, to the minute; recomputed only when the local minute changes.</summary>
    public static void LearnOffset(scoped in FreeSwitchEvent e, Switch owner)
    {
        ReadOnlySpan<byte> raw = e.Get(KnownHeader.EventDateLocal).Raw;
        if (raw.Length is < 17 or > MaxLocalDate)
        {
            return;
        }

        // Without the seconds, encoded or not: "2026-11-21 23:55:06", "2026-11-21%2023%3A55%3A06".
        ReadOnlySpan<byte> minute = raw[..^3];
        if (minute.SequenceEqual(owner.LocalMinute.Span))
        {
            return;
        }

        owner.LocalMinute.Set(minute);
        Span<byte> scratch = stackalloc byte[64];
        if (TryParseLocal(e.Get(KnownHeader.EventDateLocal).Decode(scratch), out long local)
            && e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp) && stamp > 0)
        {
            double minutes = ((local - stamp) / (double)MicrosecondsPerSecond) / 60;
            if (Math.Abs(minutes) <= 24 * 60)
            {
                owner.UtcOffsetMinutes = (int)Math.Round(minutes);
                owner.OffsetKnown = true;
            }
        }
    }

    // "2026-11-21 23:55:31.790621 75.00% [NOTICE] sofia.c:1065 …" in the switch's local time; -1 if unreadable.
    private static long ReadLogLine(ReadOnlySpan<byte> line, Switch owner) =>
        owner.OffsetKnown && TryParseLocal(line, out long local)
            ? local - (owner.UtcOffsetMinutes * 60 * MicrosecondsPerSecond)
            : -1;

    private static bool TryParseLocal(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out int year) || !TryDigits(text[5..7], out int month) || !TryDigits(text[8..10], out int day)
            || !TryDigits(text[11..13], out int hour) || !TryDigits(text[14..16], out int minute) || !TryDigits(text[17..19], out int second)
            || year is < 1970 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        microseconds = (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        if (text.Length >= 26 && text[19] == '.' && TryDigits(text[20..26], out int fraction))
        {
            microseconds += fraction;
        }

        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && value >= 0;
}

/// <summary>Compares each switch's clock with ours; warns at most once an hour if they differ.</summary>
internal sealed class SwitchClockWatch(BatchClock clock, ILogger logger)
{
    private const long WarningMicroseconds = 2_000_000;
    private const long WarningIntervalMilliseconds = 3_600_000;

    /// <summary>Looks at a HEARTBEAT.</summary>
    public void Observe(scoped in FreeSwitchEvent e, Switch owner)
    {
        owner.LastHeartbeatMilliseconds = clock.Milliseconds;
        if (!e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp))
        {
            return;
        }

        owner.ClockDifferenceMicroseconds = stamp - clock.UnixMicroseconds;
        bool isOff = Math.Abs(owner.ClockDifferenceMicroseconds) > WarningMicroseconds;
        if (isOff && (owner.ClockWarnedMilliseconds is not { } warned || clock.Milliseconds - warned > WarningIntervalMilliseconds))
        {
            owner.ClockWarnedMilliseconds = clock.Milliseconds;
            Log.SwitchClockOff(logger, owner.Name, owner.ClockDifferenceMicroseconds / 1_000_000.0);
        }
    }
}
