using HepBridge.Inputs.Packets;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of packets from other agents.</summary>
internal static class HepInputMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Counter("hepbridge.hep_input.packets", "{packet}", "Packets received from other agents, rejected ones included.", input => input.Counters.Packets),
        Counter("hepbridge.hep_input.traffic", "By", "Bytes received from other agents.", input => input.Counters.Bytes),
        Counter("hepbridge.hep_input.kernel_drops", "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        InputMetrics.ByReason<HepInput, PacketReject>("hepbridge.hep_input.rejected", "{packet}", "Packets and connections rejected, by reason.", (input, reason) => input.Counters.Rejected(reason)),
        Counter("hepbridge.hep_input.addresses.filled", "{packet}", "Packets whose all-zero IPv6 addresses were filled in.", input => input.Counters.Filled),
        InputMetrics.Of<HepInput>("hepbridge.hep_input.connections", MetricKind.Gauge, "{connection}", "TCP connections from other agents.", input => input.Counters.Connections),
    ];

    private static Metric<long> Counter(string name, string unit, string help, Func<HepInput, long> read) =>
        InputMetrics.Of(name, MetricKind.Counter, unit, help, read);
}
