using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of start, stop and statistics: ids 1000–1099.</summary>
internal static partial class Log
{
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
}
