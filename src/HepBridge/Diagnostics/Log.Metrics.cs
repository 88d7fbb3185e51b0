using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of metrics and health: ids 7000–7099.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information, "Metrics and health are at {Address}metrics and {Address}health")]
    public static partial void MetricsListening(ILogger log, Uri address);

    [LoggerMessage(7001, LogLevel.Information, "Metrics and health are not served any more")]
    public static partial void MetricsStopped(ILogger log);

    [LoggerMessage(7002, LogLevel.Error, "metrics.listen can't move to {Wanted} ({Reason}); correct it and save the configuration again")]
    public static partial void MetricsNotMoved(ILogger log, string wanted, string reason);

    [LoggerMessage(7003, LogLevel.Information, "Metrics are sent by OTLP to {Endpoint}")]
    public static partial void OtlpStarted(ILogger log, string endpoint);

    [LoggerMessage(7004, LogLevel.Warning, "Metrics don't reach {Endpoint} by OTLP ({Reason}); look at OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_PROTOCOL, and at the receiver")]
    public static partial void OtlpFailed(ILogger log, string endpoint, string reason);

    [LoggerMessage(7005, LogLevel.Warning, "The section web has changed: restart HepBridge to have its page follow")]
    public static partial void WebNeedsRestart(ILogger log);
}
