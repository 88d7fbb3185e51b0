using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>
/// The agent's log level, which a reload changes. Libraries log only warnings and errors; hosts log nothing, since the
/// agent itself reports in one sentence what stops a host.
/// </summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public LogLevel Level { get; set; } = level;

    /// <summary>Log messages dropped because the log's reader did not keep up.</summary>
    public Func<long> Dropped { get; set; } = static () => 0;

    public bool Admits(string? category, LogLevel wanted) =>
        wanted >= Level && category != HostCategory && (wanted >= LogLevel.Warning || category?.StartsWith("HepBridge", StringComparison.Ordinal) == true);
}
