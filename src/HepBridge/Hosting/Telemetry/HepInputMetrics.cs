using HepBridge.Inputs.Packets;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of packets from other agents.</summary>
internal static class HepInputMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        InputMetrics.Of<HepInput>("hepbridge.hep_input.packets", MetricKind.Counter, "{packet}", "Packets received from other agents, rejected ones included.", input => input.Counters.Packets),
        InputMetrics.Of<HepInput>("hepbridge.hep_input.traffic", MetricKind.Counter, "By", "Bytes received from other agents.", input => input.Counters.Bytes),
        InputMetrics.Of<HepInput>("hepbridge.hep_input.kernel_drops", MetricKind.Counter, "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        InputMetrics.ByReason<HepInput, PacketReject>("hepbridge.hep_input.rejected", "{packet}", "Packets and connections rejected, by reason.", (input, reason) => input.Counters.Rejected(reason)),
        InputMetrics.Of<HepInput>("hepbridge.hep_input.addresses.filled", MetricKind.Counter, "{packet}", "Packets whose all-zero IPv6 addresses were filled in.", input => input.Counters.Filled),
        InputMetrics.Of<HepInput>("hepbridge.hep_input.connections", MetricKind.Gauge, "{connection}", "TCP connections from other agents.", input => input.Counters.Connections),
    ];
}
