using System.Globalization;
using System.Text;

namespace HepBridge.Hosting.Telemetry.Prometheus;

/// <summary>One metric in the Prometheus text format 0.0.4: help, type and samples.</summary>
/// <param name="name">Its Prometheus name, with suffixes.</param>
/// <param name="kind">Counter or gauge.</param>
/// <param name="help">One sentence.</param>
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
