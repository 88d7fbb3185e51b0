using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using HepBridge.Collector.Printing;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>The agent's log: writes lines to a stream through a queue, so that logging never blocks.</summary>
internal sealed class LineLoggerProvider : ILoggerProvider
{
    /// <summary>Most lines of one message in a minute, for messages about single switches and calls.</summary>
    public const int LinesPerMinute = 20;

    // Inputs and calls: messages that a flood from the network would repeat.
    private const int FirstLimited = 2_000;
    private const int LastLimited = 3_999;
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _time;
    private readonly LogLines _lines;
    private readonly LogQueue _queue;
    private readonly Logger _logger;
    private readonly ConcurrentDictionary<int, MessageLimit> _limits = new();
    private readonly ITimer _timer;

    /// <summary>Writes to a stream, which systemd's journal reads if <paramref name="isForJournal"/>; queues <paramref name="capacity"/> bytes at most.</summary>
    public LineLoggerProvider(Stream stream, bool isForJournal, TimeProvider time, int capacity = LogQueue.DefaultCapacity)
    {
        _time = time;
        _lines = new LogLines(isForJournal, time);
        _queue = new LogQueue(
            stream,
            dropped => _lines.Format(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{dropped} log messages were dropped: the log's reader did not keep up"), null),
            capacity);
        _logger = new Logger(this);
        _timer = time.CreateTimer(_ => WriteSuppressed(isLast: false), null, _interval, _interval);
    }

    /// <summary>Messages dropped because the stream was full or failed.</summary>
    public long Dropped => _queue.Dropped;

    public ILogger CreateLogger(string categoryName) => _logger;

    public void Dispose()
    {
        _timer.Dispose();
        WriteSuppressed(isLast: true);
        _queue.Dispose();
    }

    private void Write(LogLevel level, int id, string message, Exception? exception)
    {
        if (level >= LogLevel.Information && id is >= FirstLimited and <= LastLimited)
        {
            MessageLimit limit = _limits.GetOrAdd(id, static (_, time) => new MessageLimit(time), _time);
            if (!limit.Budget.TryTake())
            {
                limit.Last = new Suppressed(level, message);
                return;
            }
        }

        _queue.Add(_lines.Format(level, message, exception));
    }

    private void WriteSuppressed(bool isLast)
    {
        foreach (MessageLimit limit in _limits.Values)
        {
            if (limit.Budget.TakeSuppressed(isLast) is > 0 and long count && limit.Last is { } last)
            {
                _queue.Add(_lines.Format(last.Level, string.Create(CultureInfo.InvariantCulture, $"{count} more like this were not logged: {last.Message}"), null));
            }
        }
    }

    private sealed class MessageLimit(TimeProvider time)
    {
        public LineBudget Budget { get; } = new(LinesPerMinute, _interval, time);

        /// <summary>The last suppressed message.</summary>
        public Suppressed? Last { get; set; }
    }

    private sealed record Suppressed(LogLevel Level, string Message);

    private sealed class Logger(LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, eventId.Id, formatter(state, null), exception);
    }
}

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
        // The priorities are syslog's numbers, which journald expects.
        (string priority, string word) = level switch
        {
            LogLevel.Trace => ("<7>", "trace "),
            LogLevel.Debug => ("<7>", "debug "),
            LogLevel.Information => ("<6>", "info  "),
            LogLevel.Warning => ("<4>", "warn  "),
            LogLevel.Error => ("<3>", "error "),
            _ => ("<2>", "fatal "),
        };
        text.Append(isForJournal ? priority : time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture)).Append(word);
    }
}
