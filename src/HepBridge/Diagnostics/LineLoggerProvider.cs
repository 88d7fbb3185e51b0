using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>The agent's log: writes lines to a stream through a queue, so that logging never blocks.</summary>
internal sealed class LineLoggerProvider : ILoggerProvider
{
    /// <summary>Most lines per minute of one message about single switches or calls.</summary>
    public const int LinesPerMinute = 100;

    // Inputs and calls: messages that a flood from the network would repeat.
    private const int FirstLimited = 2_000;
    private const int LastLimited = 3_999;

    private readonly TimeProvider _time;
    private readonly LogLines _lines;
    private readonly LogQueue _queue;
    private readonly Logger _logger;
    private readonly ConcurrentDictionary<int, LineBudget> _budgets = new();

    /// <param name="stream">Receives the lines.</param>
    /// <param name="isForJournal">Whether systemd's journal reads them.</param>
    /// <param name="time">Clock for the lines.</param>
    /// <param name="capacity">Most bytes queued.</param>
    public LineLoggerProvider(Stream stream, bool isForJournal, TimeProvider time, int capacity = LogQueue.DefaultCapacity)
    {
        _time = time;
        _lines = new LogLines(isForJournal, time);
        _queue = new LogQueue(
            stream,
            dropped => _lines.Format(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{dropped} log messages were dropped: the log's reader did not keep up"), null),
            capacity);
        _logger = new Logger(this);
    }

    /// <summary>Messages dropped because the stream was full or failed.</summary>
    public long Dropped => _queue.Dropped;

    public ILogger CreateLogger(string categoryName) => _logger;

    public void Dispose() => _queue.Dispose();

    private void Write(LogLevel level, int id, string message, Exception? exception)
    {
        if (level >= LogLevel.Information && id is >= FirstLimited and <= LastLimited)
        {
            LineBudget budget = _budgets.GetOrAdd(id, static (_, time) => new LineBudget(LinesPerMinute, TimeSpan.FromMinutes(1), time), _time);
            if (!budget.TryTake(out long suppressed))
            {
                return;
            }

            if (suppressed > 0)
            {
                _queue.Add(_lines.Format(
                    level, string.Create(CultureInfo.InvariantCulture, $"{suppressed} more messages like the next one were not logged: the limit is {LinesPerMinute} a minute"), null));
            }
        }

        _queue.Add(_lines.Format(level, message, exception));
    }

    private sealed class Logger(LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, eventId.Id, formatter(state, null), exception);
    }
}
