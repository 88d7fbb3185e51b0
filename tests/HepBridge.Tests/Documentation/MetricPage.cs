using System.Globalization;
using System.Text;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;

namespace HepBridge.Tests.Documentation;

/// <summary>Renders the table of metrics in docs/metrics.md.</summary>
internal static class MetricPage
{
    /// <summary>The table as Markdown.</summary>
    public static string Render(InputKinds inputs)
    {
        StringBuilder text = new("| by OTLP | in `/metrics` | kind | unit | labels | meaning |\n|---|---|---|---|---|---|\n");
        foreach (Metric metric in MetricTable.All(inputs))
        {
            Row(text, metric.Name, metric.Kind, metric.Unit, metric.Labels, metric.Help);
        }

        foreach (RuntimeMetric metric in ProcessMetrics.Runtime)
        {
            Row(text, metric.Name, metric.Kind, metric.Unit, metric.Labels, metric.Help);
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, MetricKind kind, string? unit, IReadOnlyList<MetricLabel> labels, string help)
    {
        string label = string.Join(", ", labels.Select(one =>
            one.Values.Count == 0 ? $"`{one.Name}`" : $"`{one.Name}`: {string.Join(' ', one.Values.Select(value => $"`{value}`"))}"));
        text.Append(
            CultureInfo.InvariantCulture,
            $"| `{name}` | `{PrometheusName.Of(name, kind, unit)}` | {(kind == MetricKind.Counter ? "counter" : "gauge")} | {(unit is null ? "" : $"`{unit}`")} | {label} | {help} |\n");
    }
}
