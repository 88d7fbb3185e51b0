using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the log file input: ids 2300–2399.</summary>
internal static partial class Log
{
    [LoggerMessage(2300, LogLevel.Information, "Log files: following {Path} from byte {Offset}.")]
    public static partial void LogFileFollowed(ILogger log, string path, long offset);

    [LoggerMessage(2301, LogLevel.Debug, "Log files: {Path} was rotated.")]
    public static partial void LogFileRotated(ILogger log, string path);

    [LoggerMessage(2302, LogLevel.Warning, "Log files: {Path} was truncated or replaced, and no rotated copy of it was found: lines written just before may be missing.")]
    public static partial void LogFileGap(ILogger log, string path);

    [LoggerMessage(2303, LogLevel.Warning, "Log files: cannot read {Path}: {Problem}")]
    public static partial void LogFileUnreadable(ILogger log, string path, string problem);

    [LoggerMessage(2304, LogLevel.Warning, "{Input}: cannot watch for changes ({Problem}); looking once a second instead.")]
    public static partial void PollingOnly(ILogger log, string input, string problem);

    [LoggerMessage(2305, LogLevel.Warning, "Log files: cannot read the positions in {Path} ({Problem}); starting at the end of each file.")]
    public static partial void LogPositionsUnreadable(ILogger log, string path, string problem);

    [LoggerMessage(2306, LogLevel.Warning, "Log files: cannot save positions to {Path} ({Problem}); a restart will begin at the end of each file. Set logs_config.state_path to a file that HepBridge's user can write.")]
    public static partial void LogPositionsNotSaved(ILogger log, string path, string problem);
}
