using HepBridge.FreeSwitch.Esl;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the inputs: ids 2000–2999.</summary>
internal static partial class Log
{
    // Event socket: 2000–2099.
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

    // Multicast: 2100–2199.
    [LoggerMessage(2100, LogLevel.Information, "Multicast: listening on {Address} port {Port}{Place}.")]
    public static partial void MulticastListening(ILogger logger, string address, int port, string place);

    [LoggerMessage(2101, LogLevel.Information, "Multicast: rejoined {Address} port {Port}{Place}.")]
    public static partial void MulticastRejoined(ILogger logger, string address, int port, string place);

    [LoggerMessage(2102, LogLevel.Warning, "Multicast: {Problem}")]
    public static partial void MulticastWaiting(ILogger logger, string problem);

    [LoggerMessage(2103, LogLevel.Warning, "Multicast: the kernel granted a receive buffer of {Granted} bytes instead of {Wanted}, so bursts may be dropped. Allow it with 'sysctl -w net.core.rmem_max={Wanted}'.")]
    public static partial void MulticastBuffer(ILogger logger, int granted, int wanted);

    [LoggerMessage(2104, LogLevel.Information, "Switch {Switch} ({Address}) is up.")]
    public static partial void PeerUp(ILogger logger, string @switch, string address);

    [LoggerMessage(2105, LogLevel.Warning, "Switch {Switch} is down: no HEARTBEAT for {Seconds} s.")]
    public static partial void PeerDown(ILogger logger, string @switch, double seconds);

    [LoggerMessage(2106, LogLevel.Warning, "Switch {Switch} ({Address}) restarted: it has a new Core-UUID.")]
    public static partial void PeerRestarted(ILogger logger, string @switch, string address);

    [LoggerMessage(2107, LogLevel.Warning, "Two switches are named {Switch}: give each its own switchname in switch.conf.xml.")]
    public static partial void PeerNameConflict(ILogger logger, string @switch);

    [LoggerMessage(2108, LogLevel.Warning, "{Input}: {Count} datagrams rejected ({Reason}), the last one from {Sender}: {Advice}")]
    public static partial void DatagramsRefused(ILogger logger, string input, long count, string reason, string sender, string advice);

    [LoggerMessage(2109, LogLevel.Warning, "{Input}: the kernel dropped {Count} datagrams, usually because they arrived faster than they could be read: check this host's load and 'sysctl net.core.rmem_max'.")]
    public static partial void KernelDrops(ILogger logger, string input, long count);

    [LoggerMessage(2110, LogLevel.Information, "{Input} ended: {Datagrams} datagrams read, {Events} events, rejected: {Refused}; dropped by the kernel: {Drops}.")]
    public static partial void MulticastEnded(ILogger logger, string input, long datagrams, long events, string refused, long drops);

    // Log files: 2300–2399.
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

    // Janus: 2600–2699.
    [LoggerMessage(2600, LogLevel.Information, "Janus: listening for its events at {Address}")]
    public static partial void JanusListening(ILogger logger, Uri address);

    [LoggerMessage(2601, LogLevel.Error, "Janus: {Problem}; trying again. Stop the other program, or set another API_PORT here and in Janus's backend.")]
    public static partial void JanusNotListening(ILogger logger, string problem);

    [LoggerMessage(2602, LogLevel.Warning, "{Input}: rejected a request from {Sender}: {Reason} ({Count} so far)")]
    public static partial void JanusRejected(ILogger logger, string input, string sender, string reason, long count);

    // HEP: 2700–2799.
    [LoggerMessage(2700, LogLevel.Information, "HEP input: listening on {Address} by {Transports}.")]
    public static partial void HepInputListening(ILogger log, string address, string transports);

    [LoggerMessage(2701, LogLevel.Warning, "{Input}: {Problem} Retrying every {Seconds} s.")]
    public static partial void HepInputWaiting(ILogger log, string input, string problem, double seconds);

    [LoggerMessage(2702, LogLevel.Warning, "{Input}: the kernel granted a receive buffer of {Granted} bytes instead of {Wanted}, so bursts may be dropped. Allow it with 'sysctl -w net.core.rmem_max={Wanted}'.")]
    public static partial void HepInputBuffer(ILogger log, string input, int granted, int wanted);

    [LoggerMessage(2703, LogLevel.Information, "{Input} ended: {Packets} packets read, rejected: {Refused}; dropped by the kernel: {Drops}.")]
    public static partial void HepInputEnded(ILogger log, string input, long packets, string refused, long drops);

    // AMQP: 2800–2899.
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
