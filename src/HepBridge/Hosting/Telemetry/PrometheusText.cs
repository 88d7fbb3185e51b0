using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Writes a meter's instruments, and some of .NET's, in the Prometheus text format 0.0.4.</summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly List<PrometheusFamily> _families = [];
    private readonly Lock _gate = new();

    /// <summary>Listens to all instruments of <paramref name="meter"/>, which must exist already and be observable.</summary>
    public PrometheusText(Meter meter)
    {
        Dictionary<string, RuntimeMetric> runtime = ProcessMetrics.Runtime.ToDictionary(metric => metric.Name);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                MetricKind kind = instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
                listener.EnableMeasurementEvents(instrument, AddFamily(instrument, kind, instrument.Description ?? ""));
            }
            else if (instrument.Meter.Name == ProcessMetrics.RuntimeMeter && runtime.TryGetValue(instrument.Name, out RuntimeMetric? metric))
            {
                listener.EnableMeasurementEvents(instrument, AddFamily(instrument, metric.Kind, metric.Help));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, labels, family) => Add(family, labels, value.ToString(CultureInfo.InvariantCulture)));
        _listener.SetMeasurementEventCallback<int>((_, value, labels, family) => Add(family, labels, value.ToString(CultureInfo.InvariantCulture)));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, family) => Add(family, labels, PrometheusFamily.Format(value)));
        _listener.Start();
    }

    /// <summary>The current values. Thread-safe.</summary>
    public string Write()
    {
        StringBuilder text = new(16 << 10);
        lock (_gate)
        {
            foreach (PrometheusFamily family in _families)
            {
                family.Clear();
            }

            _listener.RecordObservableInstruments();
            foreach (PrometheusFamily family in _families)
            {
                family.WriteTo(text);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void Add(object? family, ReadOnlySpan<KeyValuePair<string, object?>> labels, string value) => ((PrometheusFamily)family!).Add(labels, value);

    private PrometheusFamily AddFamily(Instrument instrument, MetricKind kind, string help)
    {
        PrometheusFamily family = new(PrometheusName.Of(instrument.Name, kind, instrument.Unit), kind, help);
        lock (_gate)
        {
            _families.Add(family);
        }

        return family;
    }
}

/// <summary>One metric in the Prometheus text format 0.0.4: help, type and samples. Its name is Prometheus's, with suffixes.</summary>
internal sealed class PrometheusFamily(string name, MetricKind kind, string help)
{
    private readonly string _head = $"# HELP {name} {Escape(help, quotes: false)}\n# TYPE {name} {(kind == MetricKind.Counter ? "counter" : "gauge")}\n";
    private readonly StringBuilder _samples = new();
    private readonly HashSet<string> _seen = [];

    public void Clear()
    {
        _samples.Clear();
        _seen.Clear();
    }

    /// <summary>Adds a sample. Skips a second one with the same labels, which would make Prometheus reject the whole scrape.</summary>
    public void Add(ReadOnlySpan<KeyValuePair<string, object?>> labels, string value)
    {
        string series = Series(labels);
        if (_seen.Add(series))
        {
            _samples.Append(series).Append(' ').Append(value).Append('\n');
        }
    }

    /// <summary>Writes the family if it has samples.</summary>
    public void WriteTo(StringBuilder text)
    {
        if (_samples.Length > 0)
        {
            text.Append(_head).Append(_samples);
        }
    }

    /// <summary>A number in Prometheus's format.</summary>
    public static string Format(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private string Series(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.IsEmpty)
        {
            return name;
        }

        StringBuilder text = new(name);
        char separator = '{';
        foreach ((string label, object? value) in labels)
        {
            string shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(separator).Append(PrometheusName.Of(label)).Append("=\"").Append(Escape(shown, quotes: true)).Append('"');
            separator = ',';
        }

        return text.Append('}').ToString();
    }

    private static string Escape(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}

/// <summary>
/// Converts names by the rules of OpenTelemetry's own exporters (compatibility/prometheus_and_openmetrics), so that dashboards
/// work however the metrics arrive.
/// </summary>
internal static class PrometheusName
{
    /// <summary>A metric's name: <c>hepbridge.output.traffic</c>, a counter in <c>By</c>, becomes <c>hepbridge_output_traffic_bytes_total</c>.</summary>
    public static string Of(string name, MetricKind kind, string? unit)
    {
        string made = Of(name);
        if (UnitWord(unit) is { } word && !made.EndsWith("_" + word, StringComparison.Ordinal))
        {
            made += "_" + word;
        }

        return kind == MetricKind.Counter ? made + "_total" : made;
    }

    /// <summary>A label's name, or a metric's without suffixes: letters, digits and single underscores.</summary>
    public static string Of(string name)
    {
        StringBuilder made = new(name.Length);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                made.Append(made.Length == 0 && char.IsAsciiDigit(c) ? "_" : "").Append(c);
            }
            else if (made.Length == 0 || made[^1] != '_')
            {
                made.Append('_');
            }
        }

        return made.ToString();
    }

    // The thing counted, in braces, is already part of the name.
    private static string? UnitWord(string? unit) => unit switch
    {
        null => null,
        ['{', ..] => null,
        "By" => "bytes",
        "s" => "seconds",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "This unit has no word yet: add it here."),
    };
}
