using System.Diagnostics.Metrics;
using HepBridge.Calls;
using HepBridge.Inputs;

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
