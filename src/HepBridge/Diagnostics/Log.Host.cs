using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of start, stop and statistics: ids 1000–1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "{Line}")]
    public static partial void Summary(ILogger log, string line);

    [LoggerMessage(1001, LogLevel.Information, "{Events}; {Outputs}")]
    public static partial void Interval(ILogger log, string events, string outputs);

    [LoggerMessage(1002, LogLevel.Information, "Total: {Events}; {Outputs}")]
    public static partial void Totals(ILogger log, string events, string outputs);

    [LoggerMessage(1004, LogLevel.Information, "The new configuration is in use.")]
    public static partial void Reloaded(ILogger log);

    [LoggerMessage(1005, LogLevel.Error, "The new configuration could not be put in use whole; correct it and save it again.")]
    public static partial void ReloadFailed(ILogger log, Exception exception);

    [LoggerMessage(1006, LogLevel.Debug, "{Packet}")]
    public static partial void Packet(ILogger log, string packet);

    [LoggerMessage(1007, LogLevel.Critical, "The agent can't start: {Reason}")]
    public static partial void CannotStart(ILogger log, string reason);

    [LoggerMessage(1008, LogLevel.Critical, "The agent failed and stops. This is a fault of HepBridge itself: please report it with these lines.")]
    public static partial void Failed(ILogger log, Exception exception);

    [LoggerMessage(1009, LogLevel.Warning, "Could not notify systemd: {Reason}")]
    public static partial void ServiceManagerFailed(ILogger log, string reason);

    [LoggerMessage(1020, LogLevel.Critical, "{Name} ended unexpectedly and restarts in {Seconds:0.0} s. Please report this with the lines below.")]
    public static partial void WorkFailed(ILogger log, string name, double seconds, Exception? exception);

    [LoggerMessage(1021, LogLevel.Error, "{Name} failed while it stopped")]
    public static partial void WorkFailedAtStop(ILogger log, string name, Exception exception);

    [LoggerMessage(5000, LogLevel.Information, "The page is at {Address}")]
    public static partial void WebListening(ILogger log, Uri address);
}
