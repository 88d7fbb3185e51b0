using HepBridge.Configuration.Values;

namespace HepBridge.Tests.Inputs.LogFiles;

public class LogPatternTests
{
    private const string Uuid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

    [Theory]
    [InlineData("ID=([^&]\\S*)", "Nov 26 proxy: ID=abc@10.0.0.1 Method=INVITE", "abc@10.0.0.1")]
    [InlineData("^([^ ]*) .*Opus decoder stats", Uuid + " 2026-11-26 Opus decoder stats", Uuid)]
    [InlineData("user=(\\S+) call=(?<callid>\\S+)", "user=1000 call=x@y", "x@y")]
    [InlineData("(?<time>\\S+) \\[(?<level>\\w+)\\] (\\S+)", "12:00 [INFO] x@y", "x@y")]
    public void The_named_group_or_else_the_first_one_is_the_Call_ID(string pattern, string line, string expected)
    {
        Assert.True(Make(pattern).TryMatch(line, out LogMatch match));
        Assert.Equal(expected, match.CallId.ToString());
        Assert.True(match.Uuid.IsEmpty);
    }

    [Theory]
    [InlineData("uuid")]
    [InlineData("^(?<uuid>[0-9a-f-]{36}) (?<time>\\S+ \\S+)")]
    public void A_UUID_identifies_the_channel(string pattern)
    {
        Assert.True(Make(pattern).TryMatch($"{Uuid} 2026-11-26 12:00:00.123456 [NOTICE] x", out LogMatch match));
        Assert.Equal(Uuid, match.Uuid.ToString());
        Assert.True(match.CallId.IsEmpty);
    }

    [Fact]
    public void A_line_that_does_not_match_or_matches_nothing_in_the_group_has_no_call()
    {
        Assert.False(Make("ID=(\\S+)").TryMatch("nothing", out _));
        Assert.False(Make("ID=(\\S*)").TryMatch("ID= x", out _));
    }

    [Theory]
    [InlineData("(?<=ID=)(\\S+)", "backtracking")]
    [InlineData("(a)\\1", "backtracking")]
    [InlineData("ID=(", "Not enough")]
    [InlineData("no group", "group")]
    public void An_unusable_pattern_gives_a_reason(string pattern, string word)
    {
        Assert.False(LogPattern.TryMake(pattern, out _, out string problem));
        Assert.Contains(word, problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void No_line_can_hang_a_pattern() =>
        Assert.False(Make("^(a+)+$").TryMatch(new string('a', 100_000) + "!", out _));

    private static LogPattern Make(string text)
    {
        Assert.True(LogPattern.TryMake(text, out LogPattern? pattern, out string problem), problem);
        return pattern!;
    }
}

public class LogLineTimeTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("1767225600.25", "unix", 1_767_225_600_250_000)]
    [InlineData("1767225600250", "unix_ms", 1_767_225_600_250_000)]
    [InlineData("1767225600250001", "unix_us", 1_767_225_600_250_001)]
    [InlineData("2026-01-01T00:00:00.250001Z", null, 1_767_225_600_250_001)]
    [InlineData("2026-01-01 01:00:00.250001+01:00", null, 1_767_225_600_250_001)]
    [InlineData("01/01/2026 00:00:00 +00:00", "dd/MM/yyyy HH:mm:ss zzz", 1_767_225_600_000_000)]
    public void A_time_is_parsed_by_its_format(string text, string? format, long expected) =>
        Assert.Equal(expected, LogLineTime.Read(text, format, _now));

    [Fact]
    public void A_time_without_a_zone_is_local()
    {
        DateTime local = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Local);
        Assert.Equal((local.ToUniversalTime().Ticks - DateTime.UnixEpoch.Ticks) / 10, LogLineTime.Read("2026-01-01 12:00:00", null, _now));
    }

    [Theory]
    [InlineData("", "unix")]
    [InlineData("yesterday", null)]
    [InlineData("99999999999999999999999999", "unix")]
    [InlineData("-5", "unix_ms")]
    public void Anything_but_a_time_gives_none(string text, string? format) => Assert.Null(LogLineTime.Read(text, format, _now));

    [Theory]
    [InlineData("unix", true)]
    [InlineData("MMM d HH:mm:ss", true)]
    [InlineData("yyyy-MM-dd HH:mm:ss.ffffff", true)]
    [InlineData("%", false)]
    [InlineData("\\", false)]
    public void A_format_is_checked(string format, bool expected) => Assert.Equal(expected, LogLineTime.IsFormat(format));
}
