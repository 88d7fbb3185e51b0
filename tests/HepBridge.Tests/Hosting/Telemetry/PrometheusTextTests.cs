using System.Diagnostics.Metrics;
using HepBridge.Hosting.Telemetry;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("hepbridge.events.received", true, "{event}", "hepbridge_events_received_total")]
    [InlineData("hepbridge.output.traffic", true, "By", "hepbridge_output_traffic_bytes_total")]
    [InlineData("hepbridge.start.time", false, "s", "hepbridge_start_time_seconds")]
    [InlineData("work.seconds", false, "s", "work_seconds")]
    [InlineData("hepbridge.output.up", false, null, "hepbridge_output_up")]
    [InlineData("9.lives..left-over", false, null, "_9_lives_left_over")]
    public void Names_end_with_their_unit_and_total(string name, bool counter, string? unit, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(name, counter ? MetricKind.Counter : MetricKind.Gauge, unit));

    [Fact]
    public void An_unknown_unit_is_rejected_when_the_metric_is_created() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrometheusName.Of("x", MetricKind.Gauge, "km"));

    [Fact]
    public void Any_label_value_is_preserved_on_its_line()
    {
        const string Hostile = "a\"} 1\nevil{x=\"\\ ü 💥";
        using Meter meter = new("test");
        meter.CreateObservableGauge("hostile", () => new Measurement<long>(7, new KeyValuePair<string, object?>("the.switch", Hostile)), null, "Two\nlines \\ \"here\"");
        using PrometheusText text = new(meter);
        PrometheusDocument document = PrometheusDocument.Parse(text.Write());
        Assert.Equal(7, document.Value("hostile", ("the_switch", Hostile)));
        Assert.Equal(("gauge", "Two\nlines \\ \"here\""), document.Families["hostile"]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.000001)]
    [InlineData(1795388400.25)]
    [InlineData(1e300)]
    public void Any_number_survives_the_round_trip(double value)
    {
        using Meter meter = new("test");
        meter.CreateObservableGauge("number", () => value);
        using PrometheusText text = new(meter);
        Assert.Equal(value, PrometheusDocument.Parse(text.Write()).Value("number"));
    }

    [Fact]
    public void Each_scrape_reads_anew_and_has_each_series_once()
    {
        using Meter meter = new("test");
        long count = 0;
        meter.CreateObservableCounter("count", () => new[] { new Measurement<long>(++count), new Measurement<long>(99) }, "{thing}", "Things.");
        meter.CreateObservableGauge("none", () => Array.Empty<Measurement<int>>());
        using PrometheusText text = new(meter);
        Assert.Equal(1, PrometheusDocument.Parse(text.Write()).Value("count_total"));
        PrometheusDocument second = PrometheusDocument.Parse(text.Write());
        Assert.Equal(2, second.Value("count_total"));
        Assert.DoesNotContain("none", second.Families.Keys);
    }

    [Fact]
    public void Another_meter_with_the_same_name_is_ignored()
    {
        using Meter meter = new("test");
        using Meter other = new("test");
        other.CreateObservableGauge("other", () => 1);
        using PrometheusText text = new(meter);
        Assert.DoesNotContain("other", text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_and_processor_time_are_dotnets_own()
    {
        using Meter meter = new("test");
        using PrometheusText text = new(meter);
        PrometheusDocument document = PrometheusDocument.Parse(text.Write());
        Assert.True(document.Value("dotnet_process_memory_working_set_bytes") > 1_000_000);
        Assert.True(document.Sum("dotnet_process_cpu_time_seconds_total") > 0);
        Assert.All(ProcessMetrics.Runtime.Where(metric => !metric.Name.StartsWith("dotnet.gc.last", StringComparison.Ordinal)), metric =>
            Assert.Equal(metric.Kind == MetricKind.Counter ? "counter" : "gauge", document.Families[PrometheusName.Of(metric.Name, metric.Kind, metric.Unit)].Type));
    }
}
