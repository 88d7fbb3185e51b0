using System.Diagnostics.Metrics;
using HepBridge.Calls;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>What came in, by input, and the switches behind it.</summary>
internal static class InputMetrics
{
    /// <summary>The most switches that get a series of their own: names come from the network.</summary>
    public const int MaxSwitches = 100;

    private const int MaxSwitchName = 64;

    private static readonly MetricLabel _input = new("input");

    public static IReadOnlyList<Metric> All { get; } =
    [
        OfInputs("hepbridge.input.up", MetricKind.Gauge, null, "1 if the input is connected or has joined its groups, else 0.", input => input.CurrentState.IsUp ? 1 : 0),
        OfInputs("hepbridge.input.events.received", MetricKind.Counter, "{event}", "Events received by this input.", input => input.Binding.Received),
        OfInputs("hepbridge.input.events.malformed", MetricKind.Counter, "{event}", "Data from this input that could not be parsed as an event.", input => input.Binding.Malformed),
        OfMulticast("hepbridge.multicast.datagrams", "{datagram}", "Datagrams received.", input => input.Counters.Datagrams),
        OfMulticast("hepbridge.multicast.traffic", "By", "Bytes of datagrams received.", input => input.Counters.Bytes),
        OfMulticast("hepbridge.multicast.kernel_drops", "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        new Metric<long>("hepbridge.multicast.rejected", MetricKind.Counter, "{datagram}", "Datagrams rejected, by reason.", [_input, Metric.Reasons<DatagramReject>.Label], s =>
            s.MulticastInputs.SelectMany(input => Metric.Reasons<DatagramReject>.All.Select(reason =>
                new Measurement<long>(input.Counters.Rejected(reason), TagOf(input), Metric.Reasons<DatagramReject>.Tag(reason))))),
        OfPeers("hepbridge.multicast.peers.known", "Switches heard, up or down.", input => input.Peers.Count),
        OfMulticast("hepbridge.multicast.peers.refused", "{heartbeat}", "HEARTBEATs of further switches ignored because the table of switches is full.", input => input.PeersRefused),
        OfPeers("hepbridge.multicast.peers.up", "Switches whose HEARTBEATs are arriving.", input => input.PeersUp),
        new Metric<double>("hepbridge.switch.clock.difference", MetricKind.Gauge, "s",
            "The switch's clock minus this host's at the last HEARTBEAT, for the 100 switches heard last.", [new MetricLabel("switch")], ClockDifferences),
    ];

    private static Metric<long> OfInputs(string name, MetricKind kind, string? unit, string help, Func<IInput, long> read) =>
        new Metric<long>(name, kind, unit, help, [_input], s => s.Inputs.Select(input => new Measurement<long>(read(input), TagOf(input))));

    private static Metric<long> OfMulticast(string name, string unit, string help, Func<MulticastInput, long> read) =>
        new Metric<long>(name, MetricKind.Counter, unit, help, [_input], s => s.MulticastInputs.Select(input => new Measurement<long>(read(input), TagOf(input))));

    private static Metric<long> OfPeers(string name, string help, Func<MulticastInput, long> read) =>
        new Metric<long>(name, MetricKind.Gauge, "{switch}", help, [_input], s =>
        {
            lock (s.Pipeline.Gate)
            {
                return [.. s.MulticastInputs.Select(input => new Measurement<long>(read(input), TagOf(input)))];
            }
        });

    private static KeyValuePair<string, object?> TagOf(IInput input) => new("input", input.Identity);

    private static IEnumerable<Measurement<double>> ClockDifferences(MetricSource source)
    {
        lock (source.Pipeline.Gate)
        {
            // A switch that restarted is there twice: what was heard last counts.
            return
            [
                .. source.Pipeline.Switches
                    .Where(one => one.LastHeartbeatMilliseconds != 0 && one.Name.Length > 0)
                    .OrderByDescending(one => one.LastSeenMilliseconds)
                    .DistinctBy(NameOf)
                    .Take(MaxSwitches)
                    .Select(one => new Measurement<double>(one.ClockDifferenceMicroseconds / 1e6, new KeyValuePair<string, object?>("switch", NameOf(one)))),
            ];
        }
    }

    private static string NameOf(Switch one) => one.Name.Length <= MaxSwitchName ? one.Name : one.Name[..MaxSwitchName];
}
