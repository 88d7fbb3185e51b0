using System.Globalization;
using System.Text;
using HepBridge.Calls;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;

namespace HepBridge.Tests.Pipeline;

/// <summary>A packet carries its event's own time.</summary>
public sealed class EventClockTests
{
    private const long Now = 1_795_305_300_000_000;
    private readonly PipelineCounters _counters = new();
    private readonly EventParser _parser = new();
    private readonly Switch _switch = new("core"u8.ToArray(), 0);
    private readonly EventClock _clock;

    public EventClockTests() => _clock = new EventClock(_counters) { MaxSkewMicroseconds = 12 * 3_600_000_000L };

    [Fact]
    public void An_event_has_its_own_time() => Assert.Equal(Now - 5_000_001, Read($"{Now - 5_000_001}"));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("4294967296000001")]
    [InlineData("99999999999999999999")]
    public void An_impossible_time_is_replaced_by_now_and_counted(string stamp)
    {
        Assert.Equal(Now, Read(stamp));
        Assert.Equal(1, _counters.TimeUnreadable);
        Assert.Equal(0, _counters.TimeReplaced);
    }

    [Theory]
    [InlineData(12 * 3_600_000_000L, false)]
    [InlineData((12 * 3_600_000_000L) + 1, true)]
    public void A_time_too_far_from_now_is_replaced_and_counted(long distance, bool isReplaced)
    {
        Assert.Equal(isReplaced ? Now : Now + distance, Read($"{Now + distance}"));
        Assert.Equal(isReplaced ? Now : Now - distance, Read($"{Now - distance}"));
        Assert.Equal(isReplaced ? 2 : 0, _counters.TimeReplaced);
    }

    [Fact]
    public void Without_a_limit_any_time_is_accepted()
    {
        _clock.MaxSkewMicroseconds = 0;
        Assert.Equal(1_000_000, Read("1000000"));
    }

    [Fact]
    public void A_log_line_has_the_switchs_local_time()
    {
        Learn("2026-11-22 05:55:00", "1795305300000000");
        Assert.Equal(1_795_305_331_790_621, ReadLog("2026-11-22 05:55:31.790621 75.00% [NOTICE] sofia.c:1065 Hangup"));
        Assert.Equal(1_795_305_331_000_000, ReadLog("2026-11-22 05:55:31 [NOTICE] sofia.c:1065 Hangup"));
        Assert.Equal(0, _counters.TimeUnreadable);
    }

    [Theory]
    [InlineData("2026-13-22 05:55:31.790621 x")]
    [InlineData("2026-02-30 05:55:31.790621 x")]
    [InlineData("2026-11-22 24:00:00.000000 x")]
    [InlineData("no time at all in this line")]
    [InlineData("short")]
    public void A_log_line_without_a_time_gets_the_current_time(string line)
    {
        Learn("2026-11-22 05:55:00", "1795305300000000");
        Assert.Equal(Now, ReadLog(line));
        Assert.Equal(1, _counters.TimeUnreadable);
    }

    [Fact]
    public void A_log_line_before_the_offset_is_known_gets_the_current_time() => Assert.Equal(Now, ReadLog("2026-11-22 05:55:31.790621 75.00% [NOTICE]"));

    [Theory]
    [InlineData("2026-11-22 05:55:00", 360)]
    [InlineData("2026-11-22%2005%3A55%3A00", 360)]
    [InlineData("2026-11-21 20:25:00", -210)]
    public void The_offset_is_local_time_minus_utc(string local, int minutes)
    {
        Learn(local, "1795305300000000");
        Assert.True(_switch.OffsetKnown);
        Assert.Equal(minutes, _switch.UtcOffsetMinutes);
    }

    [Theory]
    [InlineData("2026-11-29 05:55:00")]
    [InlineData("yesterday, at tea time")]
    [InlineData("")]
    public void An_impossible_local_date_is_ignored(string local)
    {
        Learn(local, "1795305300000000");
        Assert.False(_switch.OffsetKnown);
    }

    [Fact]
    public void A_huge_local_date_is_not_stored()
    {
        Learn("2026-11-22 05:55:00" + new string(' ', 60_000), "1795305300000000");
        Assert.Equal(0, _switch.LocalMinute.HeapBytes);
    }

    private long Read(string stamp)
    {
        Assert.True(_parser.TryParse(Encoding.UTF8.GetBytes($"Event-Name: DTMF\nEvent-Date-Timestamp: {stamp}\n\n"), EventEncoding.Plain, out FreeSwitchEvent e, out _));
        return Microseconds(_clock.Read(e, _switch, Now));
    }

    private long ReadLog(string line)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"Content-Type: log/data\nContent-Length: {line.Length}\n\n{line}");
        Assert.True(_parser.TryParse(Encoding.UTF8.GetBytes(text), EventEncoding.Log, out FreeSwitchEvent e, out _));
        return Microseconds(_clock.Read(e, _switch, Now));
    }

    private void Learn(string local, string stamp)
    {
        Assert.True(_parser.TryParse(
            Encoding.UTF8.GetBytes($"Event-Name: DTMF\nEvent-Date-Local: {local}\nEvent-Date-Timestamp: {stamp}\n\n"), EventEncoding.Plain, out FreeSwitchEvent e, out _));
        EventClock.LearnOffset(e, _switch);
    }

    private static long Microseconds(HepBridge.Reports.EventTime time) => time.UnixMicroseconds;
}
