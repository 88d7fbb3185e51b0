using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the AMQP input: ids 2800–2899.</summary>
internal static partial class Log
{
    [LoggerMessage(2800, LogLevel.Information, "{Input}: connected to {Server}, queues: {Queues}, messages waiting: {Waiting}.")]
    public static partial void AmqpConnected(ILogger logger, string input, string server, int queues, long waiting);

    [LoggerMessage(2801, LogLevel.Warning, "{Input}: {Reason} Retrying in {Seconds:0.0} s.")]
    public static partial void AmqpDisconnected(ILogger logger, string input, string reason, double seconds);

    [LoggerMessage(2802, LogLevel.Debug, "{Input}: {Reason} (failure {Failures} in a row) Retrying in {Seconds:0.0} s.")]
    public static partial void AmqpStillDisconnected(ILogger logger, string input, string reason, int failures, double seconds);

    [LoggerMessage(2803, LogLevel.Warning, "{Input}: the broker blocks publishers ({Reason}): the switches' events wait in mod_amqp and are lost once its queue is full. Free the broker's memory or disk.")]
    public static partial void AmqpBlocked(ILogger logger, string input, string reason);

    [LoggerMessage(2804, LogLevel.Information, "{Input}: the broker accepts messages again.")]
    public static partial void AmqpUnblocked(ILogger logger, string input);

    [LoggerMessage(2805, LogLevel.Warning, "{Input}: the output {Output} is away and has no spool: events are acknowledged without it.")]
    public static partial void AmqpOutputExcused(ILogger logger, string input, string output);

    [LoggerMessage(2806, LogLevel.Warning, "{Input}: routing key {Key} names the event {Event}: a switch's events may reach several agents, which then miss Call-IDs. Set format_fields to \"#FreeSWITCH,FreeSWITCH-Hostname\" in amqp.conf.xml.")]
    public static partial void AmqpKeyNamesEvent(ILogger logger, string input, string key, string @event);

    [LoggerMessage(2807, LogLevel.Information, "{Input}: the outputs are busy: reading pauses, messages wait in the broker.")]
    public static partial void AmqpPaused(ILogger logger, string input);

    [LoggerMessage(2808, LogLevel.Information, "{Input}: reading resumes.")]
    public static partial void AmqpResumed(ILogger logger, string input);

    [LoggerMessage(2809, LogLevel.Information, "{Input}: switch {Switch} has {Listed} channels in progress, details received for {Dumped}, unknown: {Unknown}.")]
    public static partial void AmqpRebuilt(ILogger logger, string input, string @switch, int listed, int dumped, int unknown);

    [LoggerMessage(2810, LogLevel.Warning, "{Input}: could not query the calls in progress on {Switch}; their events are held until a Call-ID is seen: {Reason}")]
    public static partial void AmqpRebuildFailed(ILogger logger, string input, string @switch, string reason);

    [LoggerMessage(2811, LogLevel.Information, "{Input}: gives up {Queue}, so that {Agents} agents have about the same share.")]
    public static partial void AmqpReleased(ILogger logger, string input, string queue, int agents);
}
