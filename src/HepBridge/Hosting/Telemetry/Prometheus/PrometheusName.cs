using System.Text;

namespace HepBridge.Hosting.Telemetry.Prometheus;

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
