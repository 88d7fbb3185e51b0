using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the Janus input: ids 2600–2699.</summary>
internal static partial class Log
{
    [LoggerMessage(2600, LogLevel.Information, "Janus: listening for its events at {Address}")]
    public static partial void JanusListening(ILogger logger, Uri address);

    [LoggerMessage(2601, LogLevel.Error, "Janus: {Problem}; trying again. Stop the other program, or set another API_PORT here and in Janus's backend.")]
    public static partial void JanusNotListening(ILogger logger, string problem);

    [LoggerMessage(2602, LogLevel.Warning, "{Input}: rejected a request from {Sender}: {Reason} ({Count} so far)")]
    public static partial void JanusRejected(ILogger logger, string input, string sender, string reason, long count);
}
