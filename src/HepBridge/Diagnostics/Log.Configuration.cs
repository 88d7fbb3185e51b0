using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the configuration: ids 1100–1149 for reading, 1150–1199 for reloading.</summary>
internal static partial class Log
{
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
}
