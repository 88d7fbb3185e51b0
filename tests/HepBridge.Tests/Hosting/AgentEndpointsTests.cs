using System.Net;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Hosting;

/// <summary>The page as configured.</summary>
public sealed class AgentEndpointsTests : IAsyncLifetime
{
    private readonly KeptLog _log = new();
    private readonly ClosedPort _closed = new();
    private readonly int _port = FreePort.Next();
    private AgentRig _rig = null!;
    private AgentEndpoints _faces = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rig = await AgentRig.StartAsync(Json("page.example"));
        AgentHealth health = new(_rig.Agent, TimeProvider.System);
        MetricsEndpoint metrics = new(_rig.Agent, health, new OtlpEnvironment(new Dictionary<string, string?>()), _log, TimeProvider.System);
        _faces = new AgentEndpoints(_rig.Agent, metrics, _log, TimeProvider.System);
        await _faces.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _faces.StopAsync();
        await _rig.DisposeAsync();
        _closed.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("page.example:9080", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task The_page_is_served_for_its_own_and_the_allowed_names(string name, HttpStatusCode expected)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{_port}/");
        request.Headers.Host = name;
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Other_names_take_effect_at_the_next_start_and_the_log_says_so()
    {
        await _faces.ApplyAsync(_rig.Agent.Configuration, Reading.Good(Json("page.example")), Cancellation);
        Assert.DoesNotContain("restart", _log.Text, StringComparison.Ordinal);
        await _faces.ApplyAsync(_rig.Agent.Configuration, Reading.Good(Json("other.example")), Cancellation);
        Assert.Contains("restart", _log.Text, StringComparison.Ordinal);
    }

    private string Json(string name) => $$"""
        {
          "hep_config": { "HEP_SERVER": "127.0.0.1", "HEP_PORT": {{_closed.Port}}, "HEP_TRANSPORT": "tcp" },
          "esl_config": { "ESL_PORT": {{_closed.Port}} },
          "web": { "listen": "127.0.0.1:{{_port}}", "allowed_hosts": ["{{name}}"] },
        }
        """;
}
