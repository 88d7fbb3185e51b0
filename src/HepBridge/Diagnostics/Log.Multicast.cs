using HepBridge.FreeSwitch.Multicast;
using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>Log messages of the multicast input: ids 2100–2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Information, "Multicast: listening to {Address} port {Port}{Place}.")]
    public static partial void MulticastListening(ILogger log, string address, int port, string place);

    [LoggerMessage(2101, LogLevel.Information, "Multicast: {Address} port {Port} joined again{Place}.")]
    public static partial void MulticastRejoined(ILogger log, string address, int port, string place);

    [LoggerMessage(2102, LogLevel.Warning, "Multicast: {Problem}")]
    public static partial void MulticastWaiting(ILogger log, string problem);

    [LoggerMessage(2103, LogLevel.Warning, "Multicast: the kernel grants a receive buffer of {Granted} bytes, {Wanted} were asked for: bursts may be dropped. Set it by 'sysctl -w net.core.rmem_max={Wanted}'.")]
    public static partial void MulticastBuffer(ILogger log, int granted, int wanted);

    [LoggerMessage(2104, LogLevel.Information, "Switch {Switch} ({Address}) is up.")]
    public static partial void PeerUp(ILogger log, string @switch, string address);

    [LoggerMessage(2105, LogLevel.Warning, "Switch {Switch} is down: no HEARTBEAT for {Seconds} s.")]
    public static partial void PeerDown(ILogger log, string @switch, double seconds);

    [LoggerMessage(2106, LogLevel.Warning, "Switch {Switch} ({Address}) was restarted: its calls are gone.")]
    public static partial void PeerRestarted(ILogger log, string @switch, string address);

    [LoggerMessage(2107, LogLevel.Warning, "Two switches are called {Switch}: give each its own switchname in switch.conf.xml, or they can't be told apart.")]
    public static partial void PeerNameConflict(ILogger log, string @switch);

    [LoggerMessage(2108, LogLevel.Warning, "{Input}: {Count} datagrams refused ({Reason}), the last one from {Sender}: {Advice}")]
    public static partial void DatagramsRefused(ILogger log, string input, long count, DatagramReject reason, string sender, string advice);

    [LoggerMessage(2109, LogLevel.Warning, "{Input}: the kernel dropped {Count} datagrams, mostly because they came faster than they could be read: look at the load of this host, and at 'sysctl net.core.rmem_max'.")]
    public static partial void KernelDrops(ILogger log, string input, long count);

    [LoggerMessage(2110, LogLevel.Information, "{Input} ended: {Datagrams} datagrams read, {Events} events, refused: {Refused}; dropped by the kernel: {Drops}.")]
    public static partial void MulticastEnded(ILogger log, string input, long datagrams, long events, string refused, long drops);
}
