using System.Text;

namespace HepBridge.Hosting.Telemetry.Prometheus;

/// <summary>
/// Names in Prometheus' form, by the rules that OpenTelemetry's own exporters follow (compatibility/prometheus_and_openmetrics), so that a dashboard
/// fits whichever way the metrics came.
/// </summary>
internal static class PrometheusName
{
    /// <summary>A metric's name: <c>hepbridge.output.traffic</c>, a counter in <c>By</c>, is <c>hepbridge_output_traffic_bytes_total</c>.</summary>
    public static string Of(string name, MetricKind kind, string? unit)
    {
        string made = Of(name);
        if (UnitWord(unit) is { } word && !made.EndsWith("_" + word, StringComparison.Ordinal))
        {
            made += "_" + word;
        }

        return kind == MetricKind.Counter ? made + "_total" : made;
    }

    /// <summary>A label's name, or a metric's without its endings: letters, digits and single underscores.</summary>
    public static string Of(string name)
    {
        var made = new StringBuilder(name.Length);
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

    // What is counted, in braces, is in the name already.
    private static string? UnitWord(string? unit) => unit switch
    {
        null => null,
        ['{', ..] => null,
        "By" => "bytes",
        "s" => "seconds",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "This unit has no word yet: add it here."),
    };
}
