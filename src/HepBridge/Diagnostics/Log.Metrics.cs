using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of metrics and health: ids 7000–7099.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information, "Metrics and health are at {Address}metrics and {Address}health")]
    public static partial void MetricsListening(ILogger logger, Uri address);

    [LoggerMessage(7001, LogLevel.Information, "Metrics and health are no longer served")]
    public static partial void MetricsStopped(ILogger logger);

    [LoggerMessage(7002, LogLevel.Error, "Cannot serve metrics on {Wanted} ({Reason}); correct metrics.listen and save the configuration again")]
    public static partial void MetricsNotMoved(ILogger logger, string wanted, string reason);

    [LoggerMessage(7003, LogLevel.Information, "Sending metrics by OTLP to {Endpoint}")]
    public static partial void OtlpStarted(ILogger logger, string endpoint);

    [LoggerMessage(7004, LogLevel.Warning, "Cannot send metrics by OTLP to {Endpoint} ({Reason}); check OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL and the receiver")]
    public static partial void OtlpFailed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(7005, LogLevel.Warning, "The section web has changed: restart HepBridge to apply it")]
    public static partial void WebNeedsRestart(ILogger logger);
}
