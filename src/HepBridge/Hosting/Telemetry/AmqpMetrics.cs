using System.Diagnostics.Metrics;
using HepBridge.Inputs.Amqp;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Messages in the broker's queues and in this agent's hands.</summary>
internal static class AmqpMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.waiting", MetricKind.Gauge, "{message}", "Messages waiting in the input's queues, counted every 5 s.", input => input.Waiting),
        InputMetrics.UnderGate<AmqpInput>("hepbridge.amqp.unacknowledged", MetricKind.Gauge, "{message}", "Messages received and not acknowledged yet.", input => input.Unacknowledged),
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.redelivered", MetricKind.Counter, "{message}", "Messages that the broker had sent before, to this agent or another.", input => input.Intake.Redelivered),
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.acknowledged.held", MetricKind.Counter, "{message}", "Messages acknowledged while their event was still held, because half of prefetch was held: lost if the agent is killed.", input => input.Intake.AcknowledgedHeld),
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.queues.busy", MetricKind.Gauge, "{queue}", "Queues that brought events in the last 45 s.", input => input.BusyQueues),
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.agents", MetricKind.Gauge, "{agent}", "Agents that share the queues, this one included; 0 without partitions.", input => input.Agents),
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.channels.known", MetricKind.Counter, "{channel}", "Channels in progress that switches described when their events began to reach this agent.", input => input.Channels.Known),
        InputMetrics.Of<AmqpInput>("hepbridge.amqp.channels.unknown", MetricKind.Counter, "{channel}", "Channels in progress that switches listed and did not describe.", input => input.Channels.Unknown),
        new Metric<double>("hepbridge.amqp.lag", MetricKind.Gauge, "s", "Age of events when they are read.", [new MetricLabel("input")], source =>
            source.Inputs.OfType<AmqpInput>().Select(input => new Measurement<double>(input.Lag.TotalSeconds, new KeyValuePair<string, object?>("input", input.Binding.Name)))),
    ];
}
