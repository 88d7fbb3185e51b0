using HepBridge.Collector.Printing;
using Microsoft.Extensions.Logging;

namespace HepBridge.Commands.Demo;

/// <summary>Shows HepBridge's own log lines within the demo's output, wrapped to its width.</summary>
internal sealed class DemoLog(TextWriter output, string prefix, int width) : ILoggerProvider, ILogger
{
    /// <summary>Id of "the switch's clock is off": in the demo it only means that a minute was played in seconds.</summary>
    private const int ClockOff = 3000;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == ClockOff)
        {
            return;
        }

        string level = logLevel >= LogLevel.Warning ? $"{logLevel.ToString().ToLowerInvariant()}: " : "";
        string line = prefix;
        foreach (string word in VisibleText.Line($"{level}{formatter(state, exception)} {exception?.Message}").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length >= width && line.Length > prefix.Length)
            {
                output.WriteLine(line.TrimEnd());
                line = prefix + "  ";
            }

            line += word + " ";
        }

        output.WriteLine(line.TrimEnd());
    }

    public void Dispose()
    {
        // The writer belongs to the command.
    }
}
