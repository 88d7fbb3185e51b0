using HepBridge.Tests.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Hosting;

/// <summary>A logger that throws at one message: a fault of the agent's own wherever that message is logged.</summary>
internal sealed class FaultyLog(string message) : ILogger, ILoggerFactory
{
    private readonly KeptLog _log = new();

    public bool IsFaulty { get; set; } = true;

    public string[] Lines => _log.Lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsFaulty && formatter(state, exception).Contains(message, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("log fault");
        }

        _log.Log(logLevel, eventId, state, exception, formatter);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose() => _log.Dispose();
}
