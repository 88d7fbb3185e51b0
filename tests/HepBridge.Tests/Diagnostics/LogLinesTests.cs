using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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
    public void The_journal_gets_the_priority_in_place_of_the_time(LogLevel level, string expected) =>
        Assert.Equal(expected, Format(isForJournal: true, level, null));

    [Fact]
    public void In_the_journal_each_line_of_an_exception_has_the_priority_of_its_message()
    {
        string[] lines = Format(isForJournal: true, LogLevel.Error, new InvalidOperationException("first\nsecond")).TrimEnd('\n').Split('\n');
        Assert.Equal(["<3>error connection lost", "<3>error System.InvalidOperationException: first", "<3>error second"], lines);
    }

    private static string Format(bool isForJournal, LogLevel level, Exception? exception)
    {
        using StringWriter text = new() { NewLine = "\n" };
        new LogLines(isForJournal).Write(
            new LogEntry<string>(level, "HepBridge", default, "connection lost", exception, static (state, _) => state), null, text);
        return text.ToString();
    }
}
