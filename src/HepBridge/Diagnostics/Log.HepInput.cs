using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the HEP input: ids 2700–2799.</summary>
internal static partial class Log
{
    [LoggerMessage(2700, LogLevel.Information, "HEP input: listening on {Address} by {Transports}.")]
    public static partial void HepInputListening(ILogger log, string address, string transports);

    [LoggerMessage(2701, LogLevel.Warning, "{Input}: {Problem} Retrying every {Seconds} s.")]
    public static partial void HepInputWaiting(ILogger log, string input, string problem, double seconds);

    [LoggerMessage(2702, LogLevel.Warning, "{Input}: the kernel granted a receive buffer of {Granted} bytes instead of {Wanted}, so bursts may be dropped. Allow it with 'sysctl -w net.core.rmem_max={Wanted}'.")]
    public static partial void HepInputBuffer(ILogger log, string input, int granted, int wanted);

    [LoggerMessage(2703, LogLevel.Information, "{Input} ended: {Packets} packets read, rejected: {Refused}; dropped by the kernel: {Drops}.")]
    public static partial void HepInputEnded(ILogger log, string input, long packets, string refused, long drops);
}
