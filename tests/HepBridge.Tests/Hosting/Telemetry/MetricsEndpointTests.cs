using System.Net;
using System.Net.Sockets;
using HepBridge.Hosting.Telemetry;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class MetricsEndpointTests : IAsyncLifetime
{
    private readonly KeptLog _log = new();
    private readonly ClosedPort _closed = new();
    private AgentRig _rig = null!;
    private AgentHealth _health = null!;
    private MetricsEndpoint _face = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rig = await AgentRig.StartAsync(Json("127.0.0.1:0"));
        _health = new AgentHealth(_rig.Agent, TimeProvider.System);
        _face = new MetricsEndpoint(_rig.Agent, _health, new OtlpEnvironment(new Dictionary<string, string?>()), _log, TimeProvider.System);
        await _face.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _face.DisposeAsync();
        await _rig.DisposeAsync();
        _closed.Dispose();
    }

    [Fact]
    public async Task Metrics_are_served_as_prometheus_text()
    {
        using HttpResponseMessage response = await AskAsync("metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.False(response.Headers.Contains("Server"));
        PrometheusDocument document = PrometheusDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(0, document.Value("hepbridge_input_up"));
    }

    [Fact]
    public async Task Concurrent_requests_are_served()
    {
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using HttpResponseMessage response = await AskAsync("metrics");
            return await response.Content.ReadAsStringAsync(Cancellation);
        }));
        Assert.All(answers, answer => PrometheusDocument.Parse(answer));
    }

    [Theory]
    [InlineData("health", HttpStatusCode.ServiceUnavailable)]
    [InlineData("health/ready", HttpStatusCode.ServiceUnavailable)]
    [InlineData("health/live", HttpStatusCode.OK)]
    public async Task Health_reports_problems_by_status_code_with_reasons(string path, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await AskAsync(path);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            expected != HttpStatusCode.OK, (await response.Content.ReadAsStringAsync(Cancellation)).Contains("Not connected since 20", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost:9096", HttpStatusCode.OK)]
    [InlineData("[::1]:9096", HttpStatusCode.OK)]
    [InlineData("192.0.2.1", HttpStatusCode.OK)]
    [InlineData("allowed.example", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Only_own_and_allowed_names_are_answered(string host, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await AskAsync("metrics", request => request.Headers.Host = host);
        Assert.Equal(expected, response.StatusCode);
        using HttpResponseMessage machine = await AskAsync("metrics", request => request.Headers.Host = Environment.MachineName);
        Assert.Equal(HttpStatusCode.OK, machine.StatusCode);
    }

    [Fact]
    public async Task Other_paths_are_rejected_with_the_available_ones()
    {
        using HttpResponseMessage missing = await AskAsync("metrics/");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("/metrics", await missing.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using HttpResponseMessage post = await AskAsync("metrics", request => request.Method = HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using HttpResponseMessage head = await AskAsync("metrics", request => request.Method = HttpMethod.Head);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task A_reload_moves_and_stops_it()
    {
        Uri first = _face.Address!;
        int port = FreePort.Next();
        await _face.ApplyAsync(Reading.Good(Json($"127.0.0.1:{port}")), Cancellation);
        Assert.Equal(port, _face.Address!.Port);
        using HttpResponseMessage moved = await AskAsync("metrics");
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync("metrics", at: first));
        await _face.ApplyAsync(Reading.Good("""{ "hep_config": {}, "esl_config": {} }"""), Cancellation);
        Assert.Null(_face.Address);
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync("metrics", at: new Uri($"http://127.0.0.1:{port}/")));
    }

    [Fact]
    public async Task A_reload_to_an_address_in_use_keeps_the_current_one_and_logs_it()
    {
        int port = FreePort.Next();
        await _face.ApplyAsync(Reading.Good(Json($"127.0.0.1:{port}")), Cancellation);
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        string taken = other.LocalEndpoint.ToString()!;
        await _face.ApplyAsync(Reading.Good(Json(taken)), Cancellation);
        Assert.Equal(port, _face.Address!.Port);
        using HttpResponseMessage response = await AskAsync("metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"Cannot serve metrics on {taken}", _log.Text, StringComparison.Ordinal);
    }

    private string Json(string listen) => $$"""
        {
          "hep_config": { "HEP_SERVER": "127.0.0.1", "HEP_PORT": {{_closed.Port}}, "HEP_TRANSPORT": "tcp" },
          "esl_config": { "ESL_PORT": {{_closed.Port}} },
          "metrics": { "listen": "{{listen}}", "allowed_hosts": ["allowed.example"] },
        }
        """;

    private async Task<HttpResponseMessage> AskAsync(string path, Action<HttpRequestMessage>? change = null, Uri? at = null)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(at ?? _face.Address!, path));
        change?.Invoke(request);
        return await client.SendAsync(request, Cancellation);
    }
}
