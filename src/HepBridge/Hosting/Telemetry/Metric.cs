using System.Diagnostics.Metrics;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Whether a metric only grows, or stands at a value.</summary>
internal enum MetricKind
{
    /// <summary>Grows from the start of what it counts.</summary>
    Counter,

    /// <summary>A value of now.</summary>
    Gauge,
}

/// <summary>A label of a metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The values that it can have; empty: as many as there are of what it names.</param>
internal sealed record MetricLabel(string Name, params IReadOnlyList<string> Values);

/// <summary>One metric: everything about it, in one place. Reading costs nothing but at the time of a scrape or an export.</summary>
/// <param name="Name">Dotted, as OpenTelemetry writes names.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Unit">In UCUM, what is counted in braces; null: none.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">Its labels.</param>
internal abstract record Metric(string Name, MetricKind Kind, string? Unit, string Help, IReadOnlyList<MetricLabel> Labels)
{
    /// <summary>A counter without labels.</summary>
    public static Metric Counter(string name, string unit, string help, Func<MetricSource, long> read) =>
        new Metric<long>(name, MetricKind.Counter, unit, help, [], source => [new(read(source))]);

    /// <summary>A value without labels.</summary>
    public static Metric Gauge(string name, string unit, string help, Func<MetricSource, long> read) =>
        new Metric<long>(name, MetricKind.Gauge, unit, help, [], source => [new(read(source))]);

    /// <summary>A counter for each reason.</summary>
    public static Metric ByReason<TReason>(string name, string unit, string help, Func<MetricSource, TReason, long> read)
        where TReason : struct, Enum =>
        new Metric<long>(name, MetricKind.Counter, unit, help, [Reasons<TReason>.Label], source =>
            Reasons<TReason>.All.Select(reason => new Measurement<long>(read(source, reason), Reasons<TReason>.Tag(reason))));

    /// <summary>Makes the instrument that reads from a source.</summary>
    public abstract void Register(Meter meter, MetricSource source);

    /// <summary>The reasons of an enum as label values: their names, without the one that says that nothing was wrong.</summary>
    internal static class Reasons<TReason>
        where TReason : struct, Enum
    {
        public static TReason[] All { get; } = [.. Enum.GetValues<TReason>().Where(reason => reason.ToString() != "None")];

        public static MetricLabel Label { get; } = new("reason", [.. All.Select(reason => reason.ToString())]);

        public static KeyValuePair<string, object?> Tag(TReason reason) => new(Label.Name, reason.ToString());
    }
}

/// <summary>A metric of whole or broken numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Unit">In UCUM.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Read">What it is now, once for each set of labels.</param>
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
