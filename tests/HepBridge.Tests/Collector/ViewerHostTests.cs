using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;
using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Collector;

public sealed class ViewerHostTests
{
    private const string Token = "a token of some length";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<ViewerHost> StartAsync(CallStore store, string? token = null, bool allowImport = false) =>
        ViewerHost.StartAsync(new ViewerOptions { Endpoint = new IPEndPoint(IPAddress.Loopback, 0), Token = token, AllowImport = allowImport }, store, null, Cancellation);

    private static HttpClient Client(ViewerHost host) => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using HttpRequestMessage request = new(method, path);
        change?.Invoke(request);
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    [Fact]
    public async Task The_page_is_served_with_all_its_files_and_strict_headers()
    {
        await using ViewerHost host = await StartAsync(new CallStore());
        using HttpClient client = Client(host);
        using HttpResponseMessage page = await client.GetAsync("/", Cancellation);
        string html = await page.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(page.Headers.Contains("Server"));
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        foreach (string name in PageAssets.Names)
        {
            Assert.Equal(name.EndsWith(".html", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/" + name));
        }
    }

    [Fact]
    public void The_pages_size_matches_its_documentation()
    {
        long bytes = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "HepBridge.Collector", "Page")).Sum(file => new FileInfo(file).Length);
        string said = File.ReadAllText(Path.Combine(Repository.Root, "docs", "viewer.md"));
        Assert.Contains($"The page is {(bytes + 2500) / 5000 * 5} kB of HTML, CSS and JavaScript", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost:9080", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.0.2.1", HttpStatusCode.OK)]
    public async Task Only_requests_for_this_pages_names_are_answered(string name, HttpStatusCode expected)
    {
        await using ViewerHost host = await StartAsync(new CallStore());
        using HttpClient client = Client(host);
        Assert.Equal(expected, await StatusAsync(client, HttpMethod.Get, "/api/calls", r => r.Headers.Host = name));
    }

    [Fact]
    public async Task Beyond_loopback_a_token_is_required_and_a_short_one_rejected()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ViewerHost.StartAsync(
            new ViewerOptions { Endpoint = new IPEndPoint(IPAddress.Any, 0) }, new CallStore(), null, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new CallStore(), token: "short"));
    }

    [Fact]
    public async Task With_a_token_nothing_is_shown_without_it()
    {
        await using ViewerHost host = await StartAsync(ViewerPackets.Store(ViewerPackets.Event("text")), Token, allowImport: true);
        using HttpClient client = Client(host);
        foreach (string path in (string[])["/", "/main.js", "/api/calls", "/api/calls/1", "/api/calls/1/export.hep", "/api/live", "/api/status", "/nowhere"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, HttpMethod.Get, path));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, HttpMethod.Get, path, r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token + "x")));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, HttpMethod.Get, path, r => r.Headers.Add("Cookie", "hepbridge=" + Token)));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, HttpMethod.Post, "/api/import"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/api/calls", r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token)));
    }

    [Fact]
    public async Task The_login_form_accepts_only_the_token()
    {
        await using ViewerHost host = await StartAsync(new CallStore(), Token);
        using HttpClient client = Client(host);
        using FormUrlEncodedContent wrong = new([new("token", "wrong")]);
        using HttpResponseMessage refused = await client.PostAsync("/login", wrong, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using FormUrlEncodedContent right = new([new("token", Token)]);
        using HttpResponseMessage welcome = await client.PostAsync("/login", right, Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, welcome.StatusCode);
        string cookie = welcome.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, Uri.UnescapeDataString(cookie), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/api/calls"));
    }

    [Fact]
    public async Task An_exported_call_can_be_imported_and_contains_no_key()
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Make(HepPayloadType.Log, "ANSWER 1 → 2; callid=a@h uuid=u", key: "very secret key"),
            ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0", more: "Authorization: Digest response=\"abc123\"\r\n"));
        await using ViewerHost host = await StartAsync(store);
        using HttpClient client = Client(host);
        byte[] stream = await client.GetByteArrayAsync("/api/calls/1/export.hep", Cancellation);
        Assert.Equal(-1, stream.AsSpan().IndexOf("very secret key"u8));
        Assert.Equal(-1, stream.AsSpan().IndexOf("abc123"u8));
        Assert.Equal(2, HepPackets.Split(stream).Count);
        Assert.DoesNotContain("secret", await client.GetStringAsync("/api/calls/1/export.json", Cancellation), StringComparison.Ordinal);

        CallStore second = new();
        await using ViewerHost other = await StartAsync(second, allowImport: true);
        using HttpClient importer = Client(other);
        ImportReply reply = await ImportAsync(importer, stream);
        Assert.Equal(new ImportReply(2, 0, null), reply);
        Assert.Equivalent(ViewerPackets.Only(store), ViewerPackets.Only(second));
        Assert.Equal(stream, await importer.GetByteArrayAsync("/api/calls/1/export.hep", Cancellation));
    }

    private static async Task<ImportReply> ImportAsync(HttpClient client, byte[] stream, bool header = true)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/import") { Content = new ByteArrayContent(stream) };
        if (header)
        {
            request.Headers.Add("X-HepBridge", "1");
        }

        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        return (await response.Content.ReadFromJsonAsync(ViewerJson.Default.ImportReply, Cancellation))!;
    }

    [Fact]
    public async Task A_broken_file_is_imported_up_to_the_damage_and_its_position_reported()
    {
        CallStore store = new();
        await using ViewerHost host = await StartAsync(store, allowImport: true);
        using HttpClient client = Client(host);
        byte[] good = ViewerPackets.Event("text");
        ImportReply cut = await ImportAsync(client, [.. good, .. good[..20]]);
        Assert.Equal(1, cut.Kept);
        Assert.Contains($"byte {good.Length}", cut.Error, StringComparison.Ordinal);
        ImportReply junk = await ImportAsync(client, [.. good, .. "junk junk"u8]);
        Assert.Equal(1, junk.Kept);
        Assert.Contains($"byte {good.Length}", junk.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_is_off_unless_allowed_and_requires_its_header()
    {
        CallStore store = new();
        byte[] stream = ViewerPackets.Event("text");
        await using ViewerHost closed = await StartAsync(store);
        using HttpClient client = Client(closed);
        Assert.NotNull((await ImportAsync(client, stream)).Error);
        await using ViewerHost open = await StartAsync(store, allowImport: true);
        using HttpClient second = Client(open);
        Assert.NotNull((await ImportAsync(second, stream, header: false)).Error);
        Assert.Equal(0, store.Status().Received);
    }

    [Fact]
    public async Task An_unchanged_call_is_not_sent_again()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Event("text"));
        await using ViewerHost host = await StartAsync(store);
        using HttpClient client = Client(host);
        using HttpResponseMessage first = await client.GetAsync("/api/calls/1", Cancellation);
        EntityTagHeaderValue tag = first.Headers.ETag!;
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(client, HttpMethod.Get, "/api/calls/1", r => r.Headers.IfNoneMatch.Add(tag)));
        store.Add(ViewerPackets.Event("more"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/api/calls/1", r => r.Headers.IfNoneMatch.Add(tag)));
    }

    [Theory]
    [InlineData("/api/calls/99")]
    [InlineData("/api/calls/99/export.hep")]
    [InlineData("/api/calls/1/packets/99")]
    [InlineData("/api/calls/x")]
    [InlineData("/api/calls/99999999999999999999")]
    [InlineData("/..%2f..%2fetc/passwd")]
    public async Task Missing_resources_are_not_found(string path)
    {
        await using ViewerHost host = await StartAsync(ViewerPackets.Store(ViewerPackets.Event("text")));
        using HttpClient client = Client(host);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, HttpMethod.Get, path));
    }

    [Theory]
    [InlineData("?page=99999&size=99999")]
    [InlineData("?page=-1&size=-5&sort=nonsense&kind=nonsense&dir=x")]
    [InlineData("?page=999999999999999&q=%00%ff")]
    public async Task Any_query_gets_a_list(string query)
    {
        await using ViewerHost host = await StartAsync(ViewerPackets.Store(ViewerPackets.Session()));
        using HttpClient client = Client(host);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/api/calls" + query));
    }

    [Fact]
    public async Task The_live_feed_signals_changes_and_ends_with_the_host()
    {
        CallStore store = new();
        ViewerHost host = await StartAsync(store);
        using HttpClient client = Client(host);
        await using Stream feed = await client.GetStreamAsync("/api/live", Cancellation);
        using StreamReader reader = new(feed);
        Assert.Equal("data: 0", await reader.ReadLineAsync(Cancellation));
        Assert.Equal(string.Empty, await reader.ReadLineAsync(Cancellation));
        Assert.True(host.Intake.Offer(ViewerPackets.Event("text")));
        Assert.Equal("data: 1", await reader.ReadLineAsync(Cancellation));
        await host.DisposeAsync();
        Assert.Equal(string.Empty, await reader.ReadLineAsync(Cancellation));
        Assert.Null(await reader.ReadLineAsync(Cancellation));
    }
}
