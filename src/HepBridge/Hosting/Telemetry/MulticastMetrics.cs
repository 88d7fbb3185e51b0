using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of datagrams, and of the switches that send them.</summary>
internal static class MulticastMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Counter("hepbridge.multicast.datagrams", "{datagram}", "Datagrams received.", input => input.Counters.Datagrams),
        Counter("hepbridge.multicast.traffic", "By", "Bytes of datagrams received.", input => input.Counters.Bytes),
        Counter("hepbridge.multicast.kernel_drops", "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        InputMetrics.ByReason<MulticastInput, DatagramReject>("hepbridge.multicast.rejected", "{datagram}", "Datagrams rejected, by reason.", (input, reason) => input.Counters.Rejected(reason)),
        Peers("hepbridge.multicast.peers.known", "Switches heard, up or down.", input => input.Peers.Count),
        Counter("hepbridge.multicast.peers.refused", "{heartbeat}", "HEARTBEATs of further switches ignored because the table of switches is full.", input => input.Peers.Refused),
        Peers("hepbridge.multicast.peers.up", "Switches whose HEARTBEATs are arriving.", input => input.Peers.Up),
    ];

    private static Metric<long> Counter(string name, string unit, string help, Func<MulticastInput, long> read) =>
        InputMetrics.Of(name, MetricKind.Counter, unit, help, read);

    private static Metric<long> Peers(string name, string help, Func<MulticastInput, long> read) =>
        InputMetrics.UnderGate(name, MetricKind.Gauge, "{switch}", help, read);
}
