using HepBridge.Configuration.Values;
using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration.Tables;

/// <summary>The top-level keys.</summary>
internal static class AgentSection
{
    public static ValueKey<LogLevel> LogLevel { get; } = new("log_level",
        EnumValues.Of(
            "a log level",
            ("trace", Microsoft.Extensions.Logging.LogLevel.Trace),
            ("debug", Microsoft.Extensions.Logging.LogLevel.Debug),
            ("information", Microsoft.Extensions.Logging.LogLevel.Information),
            ("info", Microsoft.Extensions.Logging.LogLevel.Information),
            ("warning", Microsoft.Extensions.Logging.LogLevel.Warning),
            ("error", Microsoft.Extensions.Logging.LogLevel.Error),
            ("critical", Microsoft.Extensions.Logging.LogLevel.Critical),
            ("none", Microsoft.Extensions.Logging.LogLevel.None)),
        "information",
        "HepBridge's own log: `trace`, `debug` (every packet), `information`, `warning`, `error`, `critical` or `none`.");

    public static ValueKey<TimeSpan> StatisticsInterval { get; } = new("statistics_interval", NumericValues.Duration("0s", "30d"), "60s", "Interval of the statistics line; `0` turns it off.");
    public static ValueKey<TimeSpan> ShutdownTimeout { get; } = new("shutdown_timeout", NumericValues.Duration("0s", "10m"), "5s", "Longest wait for queued packets to be sent when HepBridge stops.");

    public static KeyGroup Group { get; } = new("Top level", "", LogLevel, StatisticsInterval, ShutdownTimeout);
}
