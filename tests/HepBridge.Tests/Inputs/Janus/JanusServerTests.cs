using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Inputs.Janus;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Inputs.Janus;

/// <summary>The HTTP side, over a real connection.</summary>
public sealed class JanusServerTests : IAsyncLifetime
{
    private const string Core = """{"emitter":"gw1","type":256,"subtype":1,"timestamp":1,"event":{"status":"started"}}""";
    private const string AnyPort = "\"listen\": \"127.0.0.1:0\",";
    private readonly HttpClient _client = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(JanusRig Rig, Task Running)> _running = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach ((JanusRig rig, Task running) in _running)
        {
            await running;
            rig.Dispose();
        }

        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Bodies_arrive_plain_and_compressed_as_Janus_compresses_them()
    {
        JanusRig rig = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(rig, Core));
        byte[] gzip = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Captures", "janus", "body.json.gz"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(rig, gzip, content => content.Headers.ContentEncoding.Add("gzip")));
        using MemoryStream deflated = new();
        await using (ZLibStream zlib = new(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            await zlib.WriteAsync(Encoding.UTF8.GetBytes($"[{Core},{Core}]"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.OK, await PostAsync(rig, deflated.ToArray(), content => content.Headers.ContentEncoding.Add("deflate")));
        Assert.Equal((3, 3), (rig.Input.Requests, rig.Packets.Count(packet => packet.Payload.StartsWith("JANUS started", StringComparison.Ordinal))));
        Assert.Contains(rig.Packets, packet => packet.Payload.StartsWith("SIP calling; callee=sip:bob@127.0.0.1:15091", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Input.Refused, pair => pair.Count > 0);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, JanusRejection.BadJson)]
    [InlineData("{", HttpStatusCode.BadRequest, JanusRejection.BadJson)]
    [InlineData("[{\"type\":1}", HttpStatusCode.BadRequest, JanusRejection.BadJson)]
    [InlineData("{} {}", HttpStatusCode.BadRequest, JanusRejection.BadJson)]
    [InlineData("\"text\"", HttpStatusCode.BadRequest, JanusRejection.BadJson)]
    [InlineData("{\"a\":1}", HttpStatusCode.BadRequest, JanusRejection.NoEvent)]
    public async Task Bad_input_is_answered_and_counted_and_the_next_is_taken(string body, HttpStatusCode expected, object reason)
    {
        JanusRig rig = await StartAsync();
        Assert.Equal(expected, await PostAsync(rig, body));
        Assert.Equal([$"{reason} 1"], rig.Input.Refused.Where(pair => pair.Count > 0).Select(pair => $"{pair.Reason} {pair.Count}"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(rig, Core));
        Assert.Single(rig.Packets);
    }

    [Fact]
    public async Task Compression_that_is_none_and_methods_and_encodings_that_are_not_Janus_s_are_rejected()
    {
        JanusRig rig = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(rig, "no gzip"u8.ToArray(), content => content.Headers.ContentEncoding.Add("gzip")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync(rig, "x"u8.ToArray(), content => content.Headers.ContentEncoding.Add("br")));
        using HttpResponseMessage got = await _client.GetAsync(rig.Input.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        Assert.Equal((2, 1), (rig.Input.Rejected(JanusRejection.BadEncoding), rig.Input.Rejected(JanusRejection.BadMethod)));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_rejected_also_when_it_only_unpacks_to_it()
    {
        JanusRig rig = await StartAsync("\"max_body\": \"64KB\"");
        string large = "[" + new string(' ', 65_536) + Core + "]";
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(rig, large));
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[20 << 20], TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(rig, packed.ToArray(), content => content.Headers.ContentEncoding.Add("gzip")));
        Assert.Equal(2, rig.Input.Rejected(JanusRejection.TooLarge));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(rig, Core));
    }

    [Theory]
    [InlineData("janus:s3cret", HttpStatusCode.OK)]
    [InlineData("janus:wrong", HttpStatusCode.Unauthorized)]
    [InlineData("other:s3cret", HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Only_who_knows_the_password_may_post(string? credentials, HttpStatusCode expected)
    {
        JanusRig rig = await StartAsync("\"API_PASS\": \"s3cret\"");
        using HttpRequestMessage request = new(HttpMethod.Post, rig.Input.Address) { Content = new StringContent(Core) };
        request.Headers.Authorization = credentials is null ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, rig.Packets.Count);
        Assert.Equal(expected == HttpStatusCode.OK ? 0 : 1, rig.Input.Rejected(JanusRejection.Unauthorized));
    }

    [Fact]
    public async Task Web_pages_and_senders_that_are_not_listed_are_rejected()
    {
        JanusRig rig = await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, rig.Input.Address) { Content = new StringContent(Core) };
        request.Headers.Add("Origin", "https://evil.example");
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        JanusRig listed = await StartAsync("\"allowed_senders\": \"192.0.2.0/24\"");
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(listed, Core));
        Assert.Equal((1, 1, 0), (rig.Input.Rejected(JanusRejection.WebPage), listed.Input.Rejected(JanusRejection.SenderNotAllowed), rig.Packets.Count + listed.Packets.Count));
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_taken_once_it_is_free()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        JanusRig rig = new($"\"API_PORT\": {((IPEndPoint)other.LocalEndpoint).Port} ");
        _running.Add((rig, rig.Input.RunAsync(_stop.Token)));
        await Eventually.True(() => rig.Input.State.Problem is not null, () => "no problem yet");
        Assert.StartsWith("cannot listen on 127.0.0.1:", rig.Input.State.Problem, StringComparison.Ordinal);
        Assert.False(rig.Input.State.IsUp);
        other.Stop();
        await Eventually.True(() =>
        {
            rig.Rig.Time.Advance(TimeSpan.FromSeconds(1));
            return rig.Input.State.IsUp;
        }, () => rig.Input.State.Problem ?? "not up");
        Assert.Null(rig.Input.State.Problem);
    }

    [Fact]
    public async Task A_reload_changes_the_password_at_once_and_another_port_needs_another_input()
    {
        JanusRig rig = await StartAsync("\"API_PASS\": \"old\"");
        Assert.True(await rig.Input.TryApplyAsync(JanusRig.Read(AnyPort + "\"API_PASS\": \"new\", \"report_call_events\": false"), CancellationToken.None));
        Assert.Equal("new", ((JanusInputConfiguration)rig.Input.Configuration).Password);
        Assert.False(rig.Input.Binding.Plan.Options.CallEvents);
        Assert.False(await rig.Input.TryApplyAsync(JanusRig.Read("\"API_PASS\": \"new\", \"listen\": \"127.0.0.1:7788\""), CancellationToken.None));
    }

    private async Task<JanusRig> StartAsync(string keys = "")
    {
        JanusRig rig = new($"{AnyPort} {keys}");
        _running.Add((rig, rig.Input.RunAsync(_stop.Token)));
        await Eventually.True(() => rig.Input.State.IsUp, () => rig.Input.State.Problem ?? "not up");
        return rig;
    }

    private Task<HttpStatusCode> PostAsync(JanusRig rig, string body) => PostAsync(rig, Encoding.UTF8.GetBytes(body));

    private async Task<HttpStatusCode> PostAsync(JanusRig rig, byte[] body, Action<HttpContent>? change = null)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        change?.Invoke(content);
        using HttpResponseMessage response = await _client.PostAsync(rig.Input.Address, content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
