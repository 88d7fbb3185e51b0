using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The agent's log level, which a reload changes. The host's own messages are only warnings and worse.</summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    public LogLevel Level { get; set; } = level;

    public bool Admits(string? category, LogLevel wanted) =>
        wanted >= Level && (wanted >= LogLevel.Warning || category?.StartsWith("HepBridge", StringComparison.Ordinal) == true);
}
