using System.Diagnostics.Metrics;

namespace HepBridge.Hosting.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
}

/// <summary>A label of a metric, and its possible values; none if they are names of inputs, outputs or switches.</summary>
internal sealed record MetricLabel(string Name, params IReadOnlyList<string> Values);

/// <summary>One metric: its definition in one place. Costs nothing except during a scrape or an export.</summary>
/// <remarks>The name is dotted, as in OpenTelemetry; the unit is UCUM's, with the thing counted in braces, null for none; the help is one sentence.</remarks>
internal abstract record Metric(string Name, MetricKind Kind, string? Unit, string Help, IReadOnlyList<MetricLabel> Labels)
{
    /// <summary>A counter without labels.</summary>
    public static Metric Counter(string name, string unit, string help, Func<MetricSource, long> read) =>
        new Metric<long>(name, MetricKind.Counter, unit, help, [], source => [new(read(source))]);

    /// <summary>A gauge without labels.</summary>
    public static Metric Gauge(string name, string unit, string help, Func<MetricSource, long> read) =>
        new Metric<long>(name, MetricKind.Gauge, unit, help, [], source => [new(read(source))]);

    /// <summary>A counter with one value per reason.</summary>
    public static Metric ByReason<TReason>(string name, string unit, string help, Func<MetricSource, TReason, long> read)
        where TReason : struct, Enum =>
        new Metric<long>(name, MetricKind.Counter, unit, help, [Reasons<TReason>.Label], source =>
            Reasons<TReason>.All.Select(reason => new Measurement<long>(read(source, reason), Reasons<TReason>.Tag(reason))));

    /// <summary>Creates the instrument that reads from a source.</summary>
    public abstract void Register(Meter meter, MetricSource source);

    /// <summary>An enum's reasons as label values: its names without the one that means "no error".</summary>
    internal static class Reasons<TReason>
        where TReason : struct, Enum
    {
        public static TReason[] All { get; } = [.. Enum.GetValues<TReason>().Where(reason => reason.ToString() != "None")];

        public static MetricLabel Label { get; } = new("reason", [.. All.Select(reason => reason.ToString())]);

        public static KeyValuePair<string, object?> Tag(TReason reason) => new(Label.Name, reason.ToString());
    }
}

/// <summary>A metric of integers or floating-point numbers. <c>Read</c> gives its current values, one for each set of labels.</summary>
internal sealed record Metric<T>(
    string Name, MetricKind Kind, string? Unit, string Help, IReadOnlyList<MetricLabel> Labels, Func<MetricSource, IEnumerable<Measurement<T>>> Read)
    : Metric(Name, Kind, Unit, Help, Labels)
    where T : struct
{
    public override void Register(Meter meter, MetricSource source)
    {
        if (Kind == MetricKind.Counter)
        {
            meter.CreateObservableCounter(Name, () => Read(source), Unit, Help);
        }
        else
        {
            meter.CreateObservableGauge(Name, () => Read(source), Unit, Help);
        }
    }
}
