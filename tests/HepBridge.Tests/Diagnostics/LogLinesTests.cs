using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Diagnostics;

public sealed class LogLinesTests
{
    [Fact]
    public void A_line_has_its_time_its_level_and_its_message() =>
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} warn  connection lost\n$", Format(isForJournal: false, LogLevel.Warning, null));

    [Theory]
    [InlineData(LogLevel.Debug, "<7>debug connection lost\n")]
    [InlineData(LogLevel.Information, "<6>info  connection lost\n")]
    [InlineData(LogLevel.Warning, "<4>warn  connection lost\n")]
    [InlineData(LogLevel.Error, "<3>error connection lost\n")]
    [InlineData(LogLevel.Critical, "<2>fatal connection lost\n")]
    public void The_journal_gets_the_priority_instead_of_the_time(LogLevel level, string expected) =>
        Assert.Equal(expected, Format(isForJournal: true, level, null));

    [Fact]
    public void In_the_journal_each_line_of_an_exception_has_the_priority_of_its_message()
    {
        string[] lines = Format(isForJournal: true, LogLevel.Error, new InvalidOperationException("first\nsecond")).TrimEnd('\n').Split('\n');
        Assert.Equal(["<3>error connection lost", "<3>error     System.InvalidOperationException: first", "<3>error     second"], lines);
    }

    [Theory]
    [InlineData("a\n2026-01-01 00:00:00.000 info  forged", "a\\x0a2026-01-01 00:00:00.000 info  forged")]
    [InlineData("a\r\u001b[31m\0\b\u007f", "a\\x0d\\x1b[31m\\x00\\x08\\x7f")]
    [InlineData("\u009b31m \u202e \u2028 \ue000", "\\u{9b}31m \\u{202e} \\u{2028} \\u{e000}")]
    [InlineData("Zürich → 電話 😀", "Zürich → 電話 😀")]
    public void Control_characters_and_line_breaks_are_escaped(string message, string expected) =>
        Assert.EndsWith($" info  {expected}\n", new LogLines(isForJournal: false, TimeProvider.System).Format(LogLevel.Information, message, null), StringComparison.Ordinal);

    [Fact]
    public void An_exceptions_lines_are_indented_to_differ_from_messages()
    {
        string[] lines = Format(isForJournal: false, LogLevel.Error, new InvalidOperationException("a\n2026-01-01 00:00:00.000 info  forged\u001b[31m")).Split('\n');
        Assert.Equal("    2026-01-01 00:00:00.000 info  forged\\x1b[31m", lines[2]);
    }

    private static string Format(bool isForJournal, LogLevel level, Exception? exception) =>
        new LogLines(isForJournal, TimeProvider.System).Format(level, "connection lost", exception);
}
