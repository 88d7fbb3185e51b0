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
}
