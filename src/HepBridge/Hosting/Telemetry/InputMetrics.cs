using System.Diagnostics.Metrics;
using HepBridge.Calls;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;
using HepBridge.Inputs.Amqp;
using HepBridge.Inputs.Janus;
using HepBridge.Inputs.Packets;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Metrics of inputs and the switches behind them.</summary>
internal static class InputMetrics
{
    /// <summary>Most switches with a time series of their own: names come from the network.</summary>
    public const int MaxSwitches = 100;

    private const int MaxSwitchName = 64;
    private static readonly MetricLabel _input = new("input");

    public static IReadOnlyList<Metric> All { get; } =
    [
        Of<IInput>("hepbridge.input.up", MetricKind.Gauge, null, "1 if the input is connected or has joined its groups, else 0.", input => input.CurrentState.IsUp ? 1 : 0),
        Of<IInput>("hepbridge.input.events.received", MetricKind.Counter, "{event}", "Events received by this input.", input => input.Binding.Received),
        Of<IInput>("hepbridge.input.events.malformed", MetricKind.Counter, "{event}", "Data from this input that could not be parsed as an event.", input => input.Binding.Malformed),
        new Metric<double>("hepbridge.switch.clock.difference", MetricKind.Gauge, "s",
            "The switch's clock minus this host's at the last HEARTBEAT, for the 100 switches heard last.", [new MetricLabel("switch")], ClockDifferences),
    ];

    /// <summary>Metrics of datagrams, and of the switches that send them.</summary>
    public static IReadOnlyList<Metric> Multicast { get; } =
    [
        Of<MulticastInput>("hepbridge.multicast.datagrams", MetricKind.Counter, "{datagram}", "Datagrams received.", input => input.Counters.Datagrams),
        Of<MulticastInput>("hepbridge.multicast.traffic", MetricKind.Counter, "By", "Bytes of datagrams received.", input => input.Counters.Bytes),
        Of<MulticastInput>("hepbridge.multicast.kernel_drops", MetricKind.Counter, "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        ByReason<MulticastInput, DatagramReject>("hepbridge.multicast.rejected", "{datagram}", "Datagrams rejected, by reason.", (input, reason) => input.Counters.Rejected(reason)),
        Peers("hepbridge.multicast.peers.known", "Switches heard, up or down.", input => input.Peers.Count),
        Of<MulticastInput>("hepbridge.multicast.peers.refused", MetricKind.Counter, "{heartbeat}", "HEARTBEATs of further switches ignored because the table of switches is full.", input => input.Peers.Refused),
        Peers("hepbridge.multicast.peers.up", "Switches whose HEARTBEATs are arriving.", input => input.Peers.Up),
    ];

    /// <summary>Messages in the broker's queues and in this agent's hands.</summary>
    public static IReadOnlyList<Metric> Amqp { get; } =
    [
        Of<AmqpInput>("hepbridge.amqp.waiting", MetricKind.Gauge, "{message}", "Messages waiting in the input's queues, counted every 5 s.", input => input.Waiting),
        UnderGate<AmqpInput>("hepbridge.amqp.unacknowledged", MetricKind.Gauge, "{message}", "Messages received and not acknowledged yet.", input => input.Unacknowledged),
        Of<AmqpInput>("hepbridge.amqp.redelivered", MetricKind.Counter, "{message}", "Messages that the broker had sent before, to this agent or another.", input => input.Intake.Redelivered),
        Of<AmqpInput>("hepbridge.amqp.acknowledged.held", MetricKind.Counter, "{message}", "Messages acknowledged while their event was still held, because half of prefetch was held: lost if the agent is killed.", input => input.Intake.AcknowledgedHeld),
        Of<AmqpInput>("hepbridge.amqp.queues.busy", MetricKind.Gauge, "{queue}", "Queues that brought events in the last 45 s.", input => input.BusyQueues),
        Of<AmqpInput>("hepbridge.amqp.agents", MetricKind.Gauge, "{agent}", "Agents that share the queues, this one included; 0 without partitions.", input => input.Agents),
        Of<AmqpInput>("hepbridge.amqp.channels.known", MetricKind.Counter, "{channel}", "Channels in progress that switches described when their events began to reach this agent.", input => input.Channels.Known),
        Of<AmqpInput>("hepbridge.amqp.channels.unknown", MetricKind.Counter, "{channel}", "Channels in progress that switches listed and did not describe.", input => input.Channels.Unknown),
        new Metric<double>("hepbridge.amqp.lag", MetricKind.Gauge, "s", "Age of events when they are read.", [new MetricLabel("input")], source =>
            source.Inputs.OfType<AmqpInput>().Select(input => new Measurement<double>(input.Lag.TotalSeconds, TagOf(input)))),
    ];

    /// <summary>Metrics of requests from Janus's event handler.</summary>
    public static IReadOnlyList<Metric> Janus { get; } =
    [
        Of<JanusInput>("hepbridge.janus.requests", MetricKind.Counter, "{request}", "Requests with events accepted.", input => input.Requests),
        Of<JanusInput>("hepbridge.janus.traffic", MetricKind.Counter, "By", "Bytes of their bodies, uncompressed.", input => input.Bytes),
        ByReason<JanusInput, JanusRejection>("hepbridge.janus.rejected", "{request}", "Requests rejected, by reason.", (input, reason) => input.Rejected(reason)),
        UnderGate<JanusInput>("hepbridge.janus.handles", MetricKind.Gauge, "{handle}", "Handles and sessions of Janus known.", input => input.Handles),
    ];

    /// <summary>Metrics of packets from other agents.</summary>
    public static IReadOnlyList<Metric> HepInput { get; } =
    [
        Of<HepInput>("hepbridge.hep_input.packets", MetricKind.Counter, "{packet}", "Packets received from other agents, rejected ones included.", input => input.Counters.Packets),
        Of<HepInput>("hepbridge.hep_input.traffic", MetricKind.Counter, "By", "Bytes received from other agents.", input => input.Counters.Bytes),
        Of<HepInput>("hepbridge.hep_input.kernel_drops", MetricKind.Counter, "{datagram}", "Datagrams dropped by the kernel, usually because the receive buffer was full.", input => input.Counters.KernelDrops),
        ByReason<HepInput, PacketReject>("hepbridge.hep_input.rejected", "{packet}", "Packets and connections rejected, by reason.", (input, reason) => input.Counters.Rejected(reason)),
        Of<HepInput>("hepbridge.hep_input.addresses.filled", MetricKind.Counter, "{packet}", "Packets whose all-zero IPv6 addresses were filled in.", input => input.Counters.Filled),
        Of<HepInput>("hepbridge.hep_input.connections", MetricKind.Gauge, "{connection}", "TCP connections from other agents.", input => input.Counters.Connections),
    ];

    /// <summary>A metric of all inputs of type <typeparamref name="T"/>, with the label <c>input</c>.</summary>
    public static Metric<long> Of<T>(string name, MetricKind kind, string? unit, string help, Func<T, long> read)
        where T : IInput =>
        new(name, kind, unit, help, [_input], s => s.Inputs.OfType<T>().Select(input => new Measurement<long>(read(input), TagOf(input))));

    /// <summary>The same, read under the pipeline's lock.</summary>
    public static Metric<long> UnderGate<T>(string name, MetricKind kind, string? unit, string help, Func<T, long> read)
        where T : IInput =>
        new(name, kind, unit, help, [_input], s =>
        {
            lock (s.Pipeline.Gate)
            {
                return [.. s.Inputs.OfType<T>().Select(input => new Measurement<long>(read(input), TagOf(input)))];
            }
        });

    /// <summary>A counter per reason of all inputs of type <typeparamref name="T"/>.</summary>
    public static Metric<long> ByReason<T, TReason>(string name, string unit, string help, Func<T, TReason, long> read)
        where T : IInput
        where TReason : struct, Enum =>
        new(name, MetricKind.Counter, unit, help, [_input, Metric.Reasons<TReason>.Label], s =>
            s.Inputs.OfType<T>().SelectMany(input => Metric.Reasons<TReason>.All.Select(reason =>
                new Measurement<long>(read(input, reason), TagOf(input), Metric.Reasons<TReason>.Tag(reason)))));

    private static Metric<long> Peers(string name, string help, Func<MulticastInput, long> read) =>
        UnderGate(name, MetricKind.Gauge, "{switch}", help, read);

    private static KeyValuePair<string, object?> TagOf(IInput input) => new("input", input.Identity);

    private static IEnumerable<Measurement<double>> ClockDifferences(MetricSource source)
    {
        lock (source.Pipeline.Gate)
        {
            // A restarted switch is listed twice: use the one heard last. Those with the most events first: a flood of
            // forged ones would otherwise be new time series at each scrape.
            return
            [
                .. source.Pipeline.Switches
                    .Where(one => one.LastHeartbeatMilliseconds != 0 && one.Name.Length > 0)
                    .OrderByDescending(one => one.LastSeenMilliseconds)
                    .DistinctBy(NameOf)
                    .OrderByDescending(one => one.Events)
                    .Take(MaxSwitches)
                    .Select(one => new Measurement<double>(one.ClockDifferenceMicroseconds / 1e6, new KeyValuePair<string, object?>("switch", NameOf(one)))),
            ];
        }
    }

    private static string NameOf(Switch one) => one.Name.Length <= MaxSwitchName ? one.Name : one.Name[..MaxSwitchName];
}
