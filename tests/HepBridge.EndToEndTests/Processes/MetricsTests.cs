using System.Net;
using System.Text.Json.Nodes;
using HepBridge.Tests.Hosting.Telemetry;

namespace HepBridge.EndToEndTests.Processes;

[Collection(nameof(Processes))]
public sealed class MetricsTests : IDisposable
{
    private readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Promtool_accepts_the_metrics_and_health_is_ok_while_everything_is_up()
    {
        await using Setup setup = new();
        await setup.StartSwitchAsync("--speed", "10", "--loop");
        HepBridgeProcess listen = await setup.StartCollectorAsync();
        JsonObject configuration = setup.Configuration("call", "rtcp", "qos");
        configuration["metrics"] = new JsonObject { ["listen"] = "127.0.0.1:0" };
        configuration["multicast_config"] = new JsonObject { ["MULTICAST_ADDRESS"] = "127.0.0.1", ["MULTICAST_PORT"] = setup.EslPort };
        setup.Save(configuration);
        HepBridgeProcess run = setup.Start();
        Uri address = new(await run.MatchesAsync("Metrics and health are at (http://.*/)metrics and"));
        await listen.SeesAsync("ANSWER");

        string metrics = await _client.GetStringAsync(new Uri(address, "metrics"), Cancellation);
        Assert.Contains($"hepbridge_input_up{{input=\"esl 127.0.0.1:{setup.EslPort}\"}} 1\n", metrics, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("10.99.0.11", metrics, StringComparison.Ordinal);
        using (HttpResponseMessage health = await _client.GetAsync(new Uri(address, "health"), Cancellation))
        {
            // The network is silent, which is not a failure.
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            Assert.Contains("\"degraded\"", await health.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await listen.CrashAsync();
        await run.SeesAsync("the collector's port is closed");
        using (HttpResponseMessage health = await _client.GetAsync(new Uri(address, "health"), Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        }

        // OpenTelemetry was not enabled.
        Assert.DoesNotContain("OpenTelemetry", await File.ReadAllTextAsync($"/proc/{run.Id}/maps", Cancellation), StringComparison.Ordinal);
        await Promtool.CheckAsync(".", ["metrics"], metrics);
        Assert.Equal(0, await run.EndAsync());
    }

    [Theory]
    [InlineData("rules", "alerts.yml")]
    [InlineData("config", "prometheus.yml")]
    public Task Promtool_accepts_the_examples(string what, string file) => Promtool.CheckAsync("examples/prometheus", [what, file]);

    [Fact]
    public async Task Saving_another_address_moves_metrics_and_an_address_in_use_fails_the_start()
    {
        await using Setup setup = new();
        await setup.StartSwitchAsync("--stay");
        await setup.StartCollectorAsync();
        JsonObject configuration = setup.Configuration("call");
        setup.Save(configuration);
        HepBridgeProcess run = setup.Start();
        await run.SeesAsync("connected, receiving events");
        configuration["metrics"] = new JsonObject { ["listen"] = "127.0.0.1:0" };
        setup.Save(configuration);
        Uri address = new(await run.MatchesAsync("Metrics and health are at (http://.*/)metrics and"));
        Assert.Contains("hepbridge_build_info", await _client.GetStringAsync(new Uri(address, "metrics"), Cancellation), StringComparison.Ordinal);

        configuration["metrics"] = new JsonObject { ["listen"] = $"127.0.0.1:{address.Port}" };
        string second = Path.Combine(setup.Folder, "second.json");
        await File.WriteAllTextAsync(second, configuration.ToJsonString(), Cancellation);
        HepBridgeProcess refused = setup.Start("run", "--config", second);
        await refused.SeesAsync("cannot start");
        Assert.Equal(1, await refused.ExitAsync());
        Assert.Equal(0, await run.EndAsync());
    }

    [Fact]
    public async Task With_OpenTelemetrys_variables_its_exporter_sends_metrics()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using Setup setup = new();
        File.WriteAllText(setup.ConfigurationPath, """{ "hep_config": {}, "esl_config": { "ESL_SERVER": "127.0.0.1", "ESL_PORT": 1 } }""");
        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(
            setup.Folder,
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_SERVICE_NAME"] = "bridge-7",
            },
            "run"));
        await run.SeesAsync("Sending metrics by OTLP to");
        Assert.Equal(0, await run.EndAsync());
        Assert.Contains("metric hepbridge.input.up", receiver.Heard);
        Assert.Contains("resource service.name=bridge-7", receiver.Heard);
    }
}
