using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>The agent's log messages; ids are never reused. Inputs and outputs have files of their own.</summary>
internal static partial class Log
{
    // Start, stop and statistics: 1000–1099.
    [LoggerMessage(1000, LogLevel.Information, "{Line}")]
    public static partial void Summary(ILogger logger, string line);

    [LoggerMessage(1001, LogLevel.Information, "{Events}; {Outputs}")]
    public static partial void Interval(ILogger logger, string events, string outputs);

    [LoggerMessage(1002, LogLevel.Information, "Total: {Events}; {Outputs}")]
    public static partial void Totals(ILogger logger, string events, string outputs);

    [LoggerMessage(1004, LogLevel.Information, "The new configuration is active.")]
    public static partial void Reloaded(ILogger logger);

    [LoggerMessage(1005, LogLevel.Error, "The new configuration was only partly applied; correct it and save it again.")]
    public static partial void ReloadFailed(ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Debug, "{Packet}")]
    public static partial void Packet(ILogger logger, string packet);

    [LoggerMessage(1007, LogLevel.Critical, "The agent cannot start: {Reason}")]
    public static partial void CannotStart(ILogger logger, string reason);

    [LoggerMessage(1008, LogLevel.Critical, "The agent failed and is stopping. This is a bug in HepBridge: please report it with these lines.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(1009, LogLevel.Warning, "Could not notify systemd: {Reason}")]
    public static partial void ServiceManagerFailed(ILogger logger, string reason);

    [LoggerMessage(1020, LogLevel.Critical, "{Name} ended unexpectedly and restarts in {Seconds:0.0} s. Please report this with the lines below.")]
    public static partial void WorkFailed(ILogger log, string name, double seconds, Exception? exception);

    [LoggerMessage(1021, LogLevel.Error, "{Name} failed while it stopped")]
    public static partial void WorkFailedAtStop(ILogger log, string name, Exception exception);

    [LoggerMessage(5000, LogLevel.Information, "The page is at {Address}")]
    public static partial void WebListening(ILogger logger, Uri address);

    // Configuration: 1100–1149 for reading, 1150–1199 for reloading.
    [LoggerMessage(1100, LogLevel.Error, "Configuration: {Error}")]
    public static partial void ConfigurationError(ILogger logger, string error);

    [LoggerMessage(1101, LogLevel.Warning, "Configuration: {Warning}")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(1150, LogLevel.Information, "Configuration reloaded from {Path}")]
    public static partial void ConfigurationReloaded(ILogger logger, string path);

    [LoggerMessage(1151, LogLevel.Error, "Configuration {Path} rejected ({Count} errors); keeping the current one")]
    public static partial void ConfigurationRefused(ILogger logger, string path, int count);

    [LoggerMessage(1152, LogLevel.Warning, "Cannot watch {Path} for changes ({Reason}); send SIGHUP after saving it")]
    public static partial void ConfigurationNotWatched(ILogger logger, string path, string reason);

    [LoggerMessage(1153, LogLevel.Error, "Applying the configuration reloaded from {Path} failed; restart HepBridge to be sure of its state")]
    public static partial void ConfigurationNotApplied(ILogger logger, string path, Exception exception);

    // Pipeline and calls: 3000–3999.
    [LoggerMessage(3000, LogLevel.Warning, "The clock of switch {Switch} is {Seconds:0.0} s off: packets carry its time, and collectors sort by it. Run NTP on both hosts, then 'fsctl sync_clock' on the switch.")]
    public static partial void SwitchClockOff(ILogger logger, string @switch, double seconds);

    [LoggerMessage(3001, LogLevel.Warning, "More than {PerAddress} registrations a minute from one address, or {Total} in all, fail on switch {Switch}, now from {Address}: someone may be guessing passwords. Further failures of this minute are counted, not reported.")]
    public static partial void RegistrationFailures(ILogger logger, int perAddress, int total, string @switch, string address);

    // Metrics and health: 7000–7099.
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
