using System.Globalization;
using System.Text;
using HepBridge.Collector.Printing;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>
/// Formats a log message as one line: local time, level, message; an exception's text follows on indented lines. For
/// the systemd journal, which adds the time itself, each line starts with its priority (sd-daemon(3)) instead. Escapes
/// control characters, so that bytes from a switch or a collector cannot control a terminal or forge a line.
/// </summary>
internal sealed class LogLines(bool isForJournal, TimeProvider time)
{
    private const string Indent = "    ";

    /// <summary>The message's lines, each with its line break.</summary>
    public string Format(LogLevel level, string message, Exception? exception)
    {
        StringBuilder text = new(message.Length + 64);
        Begin(text, level);
        VisibleText.AppendLine(text, message);
        text.Append('\n');
        if (exception is not null)
        {
            foreach (string line in exception.ToString().Split('\n'))
            {
                if (isForJournal)
                {
                    Begin(text, level);
                }

                text.Append(Indent);
                VisibleText.AppendLine(text, line.TrimEnd('\r'));
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    private void Begin(StringBuilder text, LogLevel level)
    {
        text.Append(isForJournal ? Priority(level) : time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        text.Append(Word(level));
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

    // syslog's numbers, which journald expects.
    private static string Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => "<3>",
        _ => "<2>",
    };
}
