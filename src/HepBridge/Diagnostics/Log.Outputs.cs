using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the outputs: ids 4000–4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Warning, "{Output}: the collector's port is closed (ICMP port unreachable): packets are being lost. Start the collector or correct HEP_SERVER and HEP_PORT")]
    public static partial void UdpRefused(ILogger logger, string output);

    [LoggerMessage(4001, LogLevel.Information, "{Output}: the collector's port is open again after {Refusals} refusals")]
    public static partial void UdpAccepted(ILogger logger, string output, long refusals);

    [LoggerMessage(4002, LogLevel.Warning, "{Output}: cannot reach the collector: {Reason}; queueing packets and retrying")]
    public static partial void UdpUnreachable(ILogger logger, string output, string reason);

    [LoggerMessage(4003, LogLevel.Information, "{Output}: sending to {EndPoint}")]
    public static partial void UdpReady(ILogger logger, string output, string endPoint);

    [LoggerMessage(4004, LogLevel.Debug, "{Output}: could not resolve its name again: {Reason}; keeping the current address")]
    public static partial void UdpLookUpFailed(ILogger logger, string output, string reason);

    [LoggerMessage(4010, LogLevel.Information, "{Output}: connected")]
    public static partial void StreamConnected(ILogger logger, string output);

    [LoggerMessage(4011, LogLevel.Warning, "{Output}: connection lost: {Reason}; queueing packets and reconnecting")]
    public static partial void StreamLost(ILogger logger, string output, string reason);

    [LoggerMessage(4012, LogLevel.Warning, "{Output}: cannot connect: {Reason}; queueing packets and retrying")]
    public static partial void StreamConnectFailed(ILogger logger, string output, string reason);

    [LoggerMessage(4013, LogLevel.Warning, "{Output}: tls_verify is false, so anyone on the way can read and change the packets; set tls_ca instead")]
    public static partial void TlsNotVerified(ILogger logger, string output);

    [LoggerMessage(4014, LogLevel.Information, "{Output}: stopped; {Sent} packets sent, {Spooled} spooled for the next start, {Lost} lost at stop")]
    public static partial void StreamStopped(ILogger logger, string output, long sent, long spooled, long lost);

    [LoggerMessage(4015, LogLevel.Error, "{Output}: unexpected error, retrying; please report this")]
    public static partial void StreamBroken(ILogger logger, string output, Exception exception);

    [LoggerMessage(4020, LogLevel.Information, "spool {Path}: sending {Packets} packets left from before")]
    public static partial void SpoolRecovered(ILogger logger, string path, long packets);

    [LoggerMessage(4021, LogLevel.Warning, "spool file {File}: cut off an incomplete packet of {Bytes} bytes at its end (the process was killed, or the disk was full)")]
    public static partial void SpoolTorn(ILogger logger, string file, long bytes);

    [LoggerMessage(4022, LogLevel.Warning, "spool {Path} accepts no more: {Reason}; live packets are still sent, the rest waits in memory")]
    public static partial void SpoolRefuses(ILogger logger, string path, string reason);

    [LoggerMessage(4023, LogLevel.Information, "spool {Path} accepts packets again")]
    public static partial void SpoolAccepts(ILogger logger, string path);

    [LoggerMessage(4024, LogLevel.Warning, "cannot read spool file {File}: {Reason}; {Packets} packets in it are lost")]
    public static partial void SpoolUnreadable(ILogger logger, string file, string reason, long packets);

    [LoggerMessage(4025, LogLevel.Warning, "spool file {File} was sent but cannot be deleted ({Reason}): the next start will send it again")]
    public static partial void SpoolUndeletable(ILogger logger, string file, string reason);

    [LoggerMessage(4027, LogLevel.Warning, "spool {Path}: cannot save the position ({Reason}): a restart will send some packets again")]
    public static partial void SpoolProgressNotSaved(ILogger logger, string path, string reason);

    [LoggerMessage(4028, LogLevel.Warning, "spool file {File}: cannot sync to disk ({Reason}): a power failure may lose it")]
    public static partial void SpoolNotSynced(ILogger logger, string file, string reason);

    [LoggerMessage(4026, LogLevel.Error, "{Output}: continuing without a spool: {Reason}")]
    public static partial void SpoolNotAttached(ILogger logger, string output, string reason);
}
