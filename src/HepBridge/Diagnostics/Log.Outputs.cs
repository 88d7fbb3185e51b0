using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the outputs: ids 4000–4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Warning, "{Output}: the collector's port is closed (ICMP port unreachable): packets are being lost; start the collector or correct HEP_SERVER and HEP_PORT")]
    public static partial void UdpRefused(ILogger logger, string output);

    [LoggerMessage(4001, LogLevel.Information, "{Output}: the collector's port is open again; it refused {Refusals} times")]
    public static partial void UdpAccepted(ILogger logger, string output, long refusals);

    [LoggerMessage(4002, LogLevel.Warning, "{Output}: no way to the collector: {Reason}; packets wait in memory and it is tried again")]
    public static partial void UdpUnreachable(ILogger logger, string output, string reason);

    [LoggerMessage(4003, LogLevel.Information, "{Output}: sends to {EndPoint}")]
    public static partial void UdpReady(ILogger logger, string output, string endPoint);

    [LoggerMessage(4004, LogLevel.Debug, "{Output}: its name could not be looked up again: {Reason}; the address stays as it was")]
    public static partial void UdpLookUpFailed(ILogger logger, string output, string reason);

    [LoggerMessage(4010, LogLevel.Information, "{Output}: connected")]
    public static partial void StreamConnected(ILogger logger, string output);

    [LoggerMessage(4011, LogLevel.Warning, "{Output}: connection lost: {Reason}; packets wait and it is tried again")]
    public static partial void StreamLost(ILogger logger, string output, string reason);

    [LoggerMessage(4012, LogLevel.Warning, "{Output}: can't connect: {Reason}; packets wait and it is tried again")]
    public static partial void StreamConnectFailed(ILogger logger, string output, string reason);

    [LoggerMessage(4013, LogLevel.Warning, "{Output}: tls_verify is false: anyone on the way can read and change what is sent; set tls_ca instead")]
    public static partial void TlsNotVerified(ILogger logger, string output);

    [LoggerMessage(4014, LogLevel.Information, "{Output}: stopped; {Sent} packets sent, {Spooled} in the spool for the next start, {Lost} lost in stopping")]
    public static partial void StreamStopped(ILogger logger, string output, long sent, long spooled, long lost);

    [LoggerMessage(4015, LogLevel.Error, "{Output}: an error that should not be; please report it. It is tried again")]
    public static partial void StreamBroken(ILogger logger, string output, Exception exception);

    [LoggerMessage(4020, LogLevel.Information, "spool {Path}: {Packets} packets found from before, they are sent now")]
    public static partial void SpoolRecovered(ILogger logger, string path, long packets);

    [LoggerMessage(4021, LogLevel.Warning, "spool file {File}: its end, {Bytes} bytes, is not a whole packet (the process was killed, or the disk was full): cut off")]
    public static partial void SpoolTorn(ILogger logger, string file, long bytes);

    [LoggerMessage(4022, LogLevel.Warning, "spool {Path} takes no more: {Reason}; packets wait in memory, live sending goes on")]
    public static partial void SpoolRefuses(ILogger logger, string path, string reason);

    [LoggerMessage(4023, LogLevel.Information, "spool {Path} takes packets again")]
    public static partial void SpoolAccepts(ILogger logger, string path);

    [LoggerMessage(4024, LogLevel.Warning, "spool file {File} can't be read: {Reason}; {Packets} packets in it are lost")]
    public static partial void SpoolUnreadable(ILogger logger, string file, string reason, long packets);

    [LoggerMessage(4025, LogLevel.Warning, "spool file {File} is sent, but can't be deleted ({Reason}): the next start sends it again")]
    public static partial void SpoolUndeletable(ILogger logger, string file, string reason);

    [LoggerMessage(4027, LogLevel.Warning, "spool {Path}: how far it was sent can't be written down ({Reason}): a restart sends some packets again")]
    public static partial void SpoolProgressNotSaved(ILogger logger, string path, string reason);

    [LoggerMessage(4028, LogLevel.Warning, "spool file {File}: the disk does not confirm that it has it ({Reason}): a power cut may take it")]
    public static partial void SpoolNotSynced(ILogger logger, string file, string reason);

    [LoggerMessage(4026, LogLevel.Error, "{Output}: goes on without its spool: {Reason}")]
    public static partial void SpoolNotAttached(ILogger logger, string output, string reason);
}
