using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace HepBridge.Diagnostics;

/// <summary>
/// Formats a log message as one line: local time, level, message; an exception's text follows on further lines. For the systemd journal, which has its own
/// clock, each line starts with its priority (sd-daemon(3)) instead of the time.
/// </summary>
internal sealed class LogLines(bool isForJournal) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "hepbridge";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        LogLevel level = logEntry.LogLevel;
        string message = logEntry.Formatter(logEntry.State, null);
        if (!isForJournal)
        {
            textWriter.Write(DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture));
            textWriter.Write(Word(level));
            textWriter.WriteLine(message);
            if (logEntry.Exception is not null)
            {
                textWriter.WriteLine(logEntry.Exception);
            }

            return;
        }

        string text = logEntry.Exception is null ? message : $"{message}\n{logEntry.Exception}";
        foreach (Range line in text.AsSpan().Split('\n'))
        {
            textWriter.Write(Priority(level));
            textWriter.Write(Word(level));
            textWriter.WriteLine(text.AsSpan(line));
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace ",
        LogLevel.Debug => "debug ",
        LogLevel.Information => "info  ",
        LogLevel.Warning => "warn  ",
        LogLevel.Error => "error ",
        _ => "fatal ",
    };

    // syslog's, as journald reads them.
    private static string Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => "<3>",
        _ => "<2>",
    };
}
