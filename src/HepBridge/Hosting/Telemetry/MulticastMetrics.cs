using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of datagrams, and of the switches that send them.</summary>
internal static class MulticastMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        InputMetrics.Of<MulticastInput>("hepbridge.multicast.datagrams", MetricKind.Counter, "{datagram}", "Datagrams received.", input => input.Counters.Datagrams),
        InputMetrics.Of<MulticastInput>("hepbridge.multicast.traffic", MetricKind.Counter, "By", "Bytes of datagrams received.", input => input.Counters.Bytes),
        InputMetrics.Of<MulticastInput>("hepbridge.multicast.kernel_drops", MetricKind.Counter, "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        InputMetrics.ByReason<MulticastInput, DatagramReject>("hepbridge.multicast.rejected", "{datagram}", "Datagrams rejected, by reason.", (input, reason) => input.Counters.Rejected(reason)),
        Peers("hepbridge.multicast.peers.known", "Switches heard, up or down.", input => input.Peers.Count),
        InputMetrics.Of<MulticastInput>("hepbridge.multicast.peers.refused", MetricKind.Counter, "{heartbeat}", "HEARTBEATs of further switches ignored because the table of switches is full.", input => input.Peers.Refused),
        Peers("hepbridge.multicast.peers.up", "Switches whose HEARTBEATs are arriving.", input => input.Peers.Up),
    ];

    private static Metric<long> Peers(string name, string help, Func<MulticastInput, long> read) =>
        InputMetrics.UnderGate(name, MetricKind.Gauge, "{switch}", help, read);
}
