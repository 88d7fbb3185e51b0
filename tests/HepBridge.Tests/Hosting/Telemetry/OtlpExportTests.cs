using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class OtlpExportTests : IDisposable
{
    private readonly KeptLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Metrics_reach_a_receiver_and_are_sent_once_more_at_the_end()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(receiver.Endpoint, "100", () => Eventually.True(() => receiver.Heard.Contains("metric hepbridge.events.received {event}"), () => "Nothing is heard."));
        Assert.Contains("resource service.name=hepbridge", receiver.Heard);
        Assert.Contains($"resource service.version={AgentStatusSource.Version}", receiver.Heard);
        Assert.Contains("scope HepBridge", receiver.Heard);
        Assert.Contains("metric dotnet.process.memory.working_set By", receiver.Heard);
        string[] expected = [.. MetricTable.All(InputKinds.BuiltIn).Except(InputKinds.BuiltIn.All.SelectMany(kind => kind.Metrics))
            .Where(metric => !metric.Name.Contains("switch", StringComparison.Ordinal))
            .Select(metric => $"metric {metric.Name} {metric.Unit}".TrimEnd())];
        Assert.Empty(expected.Except(receiver.Heard));
    }

    [Fact]
    public async Task The_final_values_are_sent_at_the_stop_whatever_the_interval()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await RunAsync(receiver.Endpoint, "3600000", () => Task.CompletedTask);
        Assert.Contains("metric hepbridge.events.received {event}", receiver.Heard);
    }

    [Fact]
    public async Task A_receiver_that_rejects_data_causes_one_warning()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(status: 404);
        await RunAsync(receiver.Endpoint, "50", () => Eventually.True(() => receiver.Heard.Count(line => line == "scope HepBridge") > 2, () => "Nothing is heard."));
        string warning = Assert.Single(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains($"Cannot send metrics by OTLP to {receiver.Endpoint}", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_endpoint_fails_the_start_with_a_sentence()
    {
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => RunAsync("nonsense", "100", () => Task.CompletedTask));
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT is \"nonsense\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_endpoint_it_is_off()
    {
        Assert.False(new OtlpEnvironment(new Dictionary<string, string?> { ["OTEL_SERVICE_NAME"] = "x", ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "" }).IsOn);
        Assert.True(new OtlpEnvironment(new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://x" }).IsOn);
    }

    private async Task RunAsync(string endpoint, string interval, Func<Task> meanwhile)
    {
        await using AgentRig rig = await AgentRig.StartAsync("""{ "hep_config": { "HEP_PORT": 9 }, "esl_config": { "ESL_PORT": 1 } }""");
        OtlpEnvironment environment = new(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = interval,
        });
        await using MetricsEndpoint face = new(rig.Agent, new AgentHealth(rig.Agent, TimeProvider.System), environment, _log, TimeProvider.System);
        await face.StartAsync(CancellationToken.None);
        await meanwhile();
    }
}
