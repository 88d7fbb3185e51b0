using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>
/// The agent's log level, which a reload changes. Libraries' messages are only warnings and worse; those of hosts are none, for whatever
/// stops a host the agent says itself, in a sentence.
/// </summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public LogLevel Level { get; set; } = level;

    /// <summary>Messages that the log dropped because its reader did not keep up.</summary>
    public Func<long> Dropped { get; set; } = static () => 0;

    public bool Admits(string? category, LogLevel wanted) =>
        wanted >= Level && category != HostCategory && (wanted >= LogLevel.Warning || category?.StartsWith("HepBridge", StringComparison.Ordinal) == true);
}
