using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the multicast input: ids 2100–2199.</summary>
internal static partial class Log
{
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
}
