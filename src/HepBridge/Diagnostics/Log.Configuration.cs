using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>What is said of the configuration: 1100–1149 when it is read, 1150–1199 when it is read again.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Error, "Configuration: {Error}")]
    public static partial void ConfigurationError(ILogger logger, string error);

    [LoggerMessage(1101, LogLevel.Warning, "Configuration: {Warning}")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(1150, LogLevel.Information, "Configuration read again from {Path}")]
    public static partial void ConfigurationReloaded(ILogger logger, string path);

    [LoggerMessage(1151, LogLevel.Error, "Configuration not taken over from {Path}, errors: {Count}; HepBridge goes on with the one it has")]
    public static partial void ConfigurationRefused(ILogger logger, string path, int count);

    [LoggerMessage(1152, LogLevel.Warning, "Changes of {Path} can't be watched ({Reason}); send SIGHUP after saving it")]
    public static partial void ConfigurationNotWatched(ILogger logger, string path, string reason);

    [LoggerMessage(1153, LogLevel.Error, "The configuration read again from {Path} could not be put to use; restart HepBridge to be sure of its state")]
    public static partial void ConfigurationNotApplied(ILogger logger, string path, Exception exception);
}
