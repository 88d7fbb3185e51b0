using HepBridge.FreeSwitch.Esl;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the event socket input: ids 2000–2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Event socket {Switch}: connected, receiving events.")]
    public static partial void EslConnected(ILogger logger, EslEndpoint @switch);

    [LoggerMessage(2001, LogLevel.Information, "Event socket {Switch}: reconnected after {Failures} failed attempts.")]
    public static partial void EslReconnected(ILogger logger, EslEndpoint @switch, int failures);

    [LoggerMessage(2002, LogLevel.Warning, "Event socket: {Reason} Retrying in {Seconds:0.0} s.")]
    public static partial void EslDisconnected(ILogger logger, string reason, double seconds);

    [LoggerMessage(2003, LogLevel.Debug, "Event socket: {Reason} (failure {Failures} in a row) Retrying in {Seconds:0.0} s.")]
    public static partial void EslStillDisconnected(ILogger logger, string reason, int failures, double seconds);

    [LoggerMessage(2004, LogLevel.Warning, "Event socket: {Reason}")]
    public static partial void EslRefused(ILogger logger, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "{Input}: could not query calls in progress; their events are held until a Call-ID is seen: {Reason}")]
    public static partial void EslRebuildFailed(ILogger logger, string input, string reason);

    [LoggerMessage(2006, LogLevel.Information, "{Input}: channels in progress: {Listed}, details received for {Dumped}.")]
    public static partial void EslRebuilt(ILogger logger, string input, int listed, int dumped);
}
