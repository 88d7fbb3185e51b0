using System.Text.Json;
using System.Text.RegularExpressions;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Documentation;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed partial class MetricTableTests
{
    private static IEnumerable<string> PrometheusNames =>
        MetricTable.All(InputKinds.BuiltIn).Select(metric => PrometheusName.Of(metric.Name, metric.Kind, metric.Unit))
            .Concat(ProcessMetrics.Runtime.Select(metric => PrometheusName.Of(metric.Name, metric.Kind, metric.Unit)));

    [Fact]
    public void The_page_shows_the_current_table_of_metrics() => GeneratedTable.Check("metrics.md", "metrics", MetricPage.Render(InputKinds.BuiltIn));

    [Fact]
    public void Names_are_dotted_units_are_ucum_and_every_metric_has_a_description()
    {
        Assert.Distinct(PrometheusNames);
        Assert.All(MetricTable.All(InputKinds.BuiltIn), metric =>
        {
            Assert.Matches(DottedName(), metric.Name);
            Assert.True(metric.Unit is null or "By" or "s" || UcumAnnotation().IsMatch(metric.Unit), metric.Unit);
            Assert.EndsWith(".", metric.Help, StringComparison.Ordinal);
            Assert.All(metric.Labels, label => Assert.True(label.Values.Count > 0 || label.Name is "input" or "output" or "switch" or "version", label.Name));
        });
    }

    public static TheoryData<string> Users => ["examples/grafana/dashboard.json", "examples/prometheus/alerts.yml"];

    [Theory]
    [MemberData(nameof(Users))]
    public void Dashboard_and_alerts_use_existing_metrics(string file)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, file));
        string[] used = [.. MetricInExpression().Matches(text).Select(match => match.Value).Distinct()];
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(PrometheusNames));
    }

    [Fact]
    public void The_dashboard_is_json_whose_panels_have_unique_ids_and_do_not_overlap()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "examples", "grafana", "dashboard.json")));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        HashSet<(int X, int Y)> taken = [];
        foreach (JsonElement panel in panels)
        {
            JsonElement place = panel.GetProperty("gridPos");
            int x = place.GetProperty("x").GetInt32();
            int y = place.GetProperty("y").GetInt32();
            int width = place.GetProperty("w").GetInt32();
            Assert.True(x + width <= 24);
            foreach (int row in Enumerable.Range(y, place.GetProperty("h").GetInt32()))
            {
                Assert.All(Enumerable.Range(x, width), column => Assert.True(taken.Add((column, row)), panel.GetProperty("title").GetString()));
            }
        }
    }

    [GeneratedRegex(@"^hepbridge(\.[a-z]+(_[a-z]+)*)+$")]
    private static partial Regex DottedName();

    [GeneratedRegex(@"^\{[a-z_]+\}$")]
    private static partial Regex UcumAnnotation();

    [GeneratedRegex(@"\b(hepbridge|dotnet)_[a-z_]+")]
    private static partial Regex MetricInExpression();
}
