using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HepBridge.EndToEndTests.Collectors;
using HepBridge.EndToEndTests.Processes;
using HepBridge.EndToEndTests.Viewer;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Outputs;
using Microsoft.Playwright;

namespace HepBridge.EndToEndTests.Janus;

/// <summary>Calls through a real Janus: a browser on one side, sipp on the other, every event of it in a collector.</summary>
[Collection(nameof(InBrowser))]
public sealed partial class JanusTests(BrowserFixture browser, ITestOutputHelper output)
{
    private const string Password = "s3cret";
    private const int Plugin = 64;
    private const int Transport = 128;

    [Fact]
    public async Task Every_event_of_calls_through_Janus_reaches_the_collector_under_its_call()
    {
        Packages.RequireJanus();
        await using Setup setup = new();
        HepBridgeProcess collector = await setup.StartCollectorAsync();
        int port = FreePort.Next();
        setup.Save(new JsonObject
        {
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = setup.HepPort },
            ["janus_config"] = new JsonObject { ["API_PORT"] = port, ["API_PASS"] = Password, ["HEP_ID"] = 2222 },
            ["reports"] = new JsonObject { ["correlate_non_sip"] = true },
        });
        HepBridgeProcess agent = setup.Start("run", "--config", setup.ConfigurationPath);
        await agent.SeesAsync("Janus: listening for its events at");
        await using EventTee tee = new(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        await using JanusProcess janus = await JanusProcess.StartAsync(Directory.CreateDirectory(Path.Combine(setup.Folder, "janus")).FullName, tee.Address, Password);
        string echo = await CallAsync(setup.Folder, janus, tee);
        await janus.EndAsync();

        JsonElement[] sent = [.. tee.Events.Where(e => TypeOf(e) != Transport)];
        Assert.Equal(("shutdown", 0, true), (sent[^1].GetProperty("event").GetProperty("status").GetString(), tee.Failures, tee.SawCompression));
        output.WriteLine(string.Join(", ", sent.CountBy(TypeOf).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} of type {pair.Key}")));
        int expected = sent.Sum(PacketsOf);
        await Eventually.True(() => PacketsIn(collector).Length >= expected, () => $"{PacketsIn(collector).Length} of {expected} packets came");
        JsonElement[] packets = PacketsIn(collector);
        Assert.Equal(expected, packets.Length);
        CheckTimes(sent, packets);
        CheckCalls(sent, packets, echo);
        Assert.All(packets, packet => Assert.Equal(2222, packet.GetProperty("capture_id").GetInt32()));
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task A_check_tells_what_arrives_and_who_holds_the_port()
    {
        await using Setup setup = new();
        await setup.StartCollectorAsync();
        int port = FreePort.Next();
        setup.Save(new JsonObject
        {
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = setup.HepPort },
            ["janus_config"] = new JsonObject { ["API_PORT"] = port },
        });
        HepBridgeProcess agent = setup.Start("run", "--config", setup.ConfigurationPath);
        await agent.SeesAsync("Janus: listening for its events at");
        (int exitCode, string text) = await HepBridgeProcess.RunAsync("check", "--config", setup.ConfigurationPath);
        Assert.Equal(1, exitCode);
        Assert.Contains($"cannot listen on 127.0.0.1:{port}", text, StringComparison.Ordinal);
        Assert.Contains("if HepBridge is running, it holds the port itself", text, StringComparison.Ordinal);
        Assert.Equal(0, await agent.EndAsync());
    }

    // Returns the id of the session without SIP.
    private async Task<string> CallAsync(string directory, JanusProcess janus, EventTee tee)
    {
        int registrarPort = FreePort.Next(), bobPort = FreePort.Next(), busyPort = FreePort.Next();
        await using ToolProcess registrar = Sipp(directory, "registrar.xml", registrarPort);
        await using ToolProcess bob = Sipp(directory, "uas.xml", bobPort, "-rtp_echo", "-mp", "16000");
        await using ToolProcess busy = Sipp(directory, "busy.xml", busyPort);
        IPage page = await browser.OpenAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(janus.Page);
        await page.Mouse.ClickAsync(10, 10);
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Janus", "call.js")));
        await page.EvaluateAsync($"janus.register({registrarPort})");
        await page.EvaluateAsync($"janus.call({bobPort})");
        await page.EvaluateAsync($"janus.callBusy({busyPort})");
        string contact = tee.Events.Select(e => ContactPort().Match(e.GetRawText())).First(match => match.Success).Groups[1].Value;
        Task answering = page.EvaluateAsync("janus.answer()");
        await using ToolProcess caller = Sipp(directory, "incoming.xml", FreePort.Next(), "-m", "1", $"127.0.0.1:{contact}");
        await answering;
        await caller.SucceedsAsync();
        await page.EvaluateAsync("janus.end()");
        return await page.EvaluateAsync<string>("janus.echo()");
    }

    private static ToolProcess Sipp(string directory, string scenario, int port, params string[] arguments) => ToolProcess.Start(
        directory, Packages.Sipp, ["-sf", Path.Combine(AppContext.BaseDirectory, "Janus", scenario), "-i", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-nostdin", .. arguments]);

    private static JsonElement[] PacketsIn(HepBridgeProcess collector) =>
        [.. collector.Lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    // One for each event; for media statistics one a direction with packets.
    private static int PacketsOf(JsonElement e) =>
        e.GetProperty("event").TryGetProperty("packets-received", out JsonElement received)
            ? (received.GetInt64() > 0 ? 1 : 0) + (e.GetProperty("event").GetProperty("packets-sent").GetInt64() > 0 ? 1 : 0)
            : 1;

    private static void CheckTimes(JsonElement[] sent, JsonElement[] packets)
    {
        IEnumerable<long> expected = sent.SelectMany(e => Enumerable.Repeat(e.GetProperty("timestamp").GetInt64(), PacketsOf(e)));
        Assert.Equal(expected.Order(), packets.Select(TimeOf).Order());
    }

    private static void CheckCalls(JsonElement[] sent, JsonElement[] packets, string echo)
    {
        ILookup<long, JsonElement> byTime = packets.ToLookup(TimeOf);
        string[] calls = [.. sent.Select(CallIdOf).OfType<string>().Distinct()];
        Assert.Equal(3, calls.Length);
        string registration = packets.First(packet => PayloadOf(packet).StartsWith("REGISTER ", StringComparison.Ordinal)).GetProperty("correlation_id").GetString()!;
        Dictionary<long, string> current = [];
        foreach (JsonElement e in sent)
        {
            JsonElement[] own = [.. byTime[e.GetProperty("timestamp").GetInt64()]];
            string correlation = own.Length == 0 ? "" : own[0].GetProperty("correlation_id").GetString()!;
            if (CallIdOf(e) is { } callId)
            {
                Assert.Equal(callId, correlation);
            }
            else if (SipOf(e) is { } sip)
            {
                JsonElement packet = Assert.Single(own);
                Assert.Equal(1, packet.GetProperty("type").GetInt32());
                Assert.Contains($"Call-ID: {correlation}\r\n", sip, StringComparison.Ordinal);
                Assert.StartsWith(PayloadOf(packet)[..60], sip, StringComparison.Ordinal);
                Assert.All((string[])["src_port", "dst_port"], name => Assert.NotEqual(0, packet.GetProperty(name).GetInt32()));
            }
            else if (!e.TryGetProperty("session_id", out JsonElement session))
            {
                Assert.Equal("gw1", correlation);
            }
            else if (session.GetRawText() == echo)
            {
                Assert.Equal(own.Length == 0 ? "" : echo, correlation);
            }
            else if (own.Length > 0)
            {
                Assert.Contains(correlation, (string[])[.. calls, registration]);
            }
        }

        CheckOrder(packets, calls);
    }

    // Of each call: offer, SIP, media and hangup, and nothing of another call between them.
    private static void CheckOrder(JsonElement[] packets, string[] calls)
    {
        (long From, long To)[] spans = [.. calls.Select(call => packets.Where(packet => packet.GetProperty("correlation_id").GetString() == call && !IsOfSession(packet)).Select(TimeOf).ToArray()).Select(times => (times.Min(), times.Max()))];
        Assert.True(spans[0].To < spans[1].From && spans[1].To < spans[2].From, string.Join(' ', spans));
        foreach (string call in calls)
        {
            string[] heads = [.. packets.Where(packet => packet.GetProperty("correlation_id").GetString() == call).Select(PayloadOf)];
            Assert.Contains(heads, head => head.StartsWith("JSEP ", StringComparison.Ordinal));
            Assert.Contains(heads, head => head.StartsWith("INVITE sip:", StringComparison.Ordinal));
            Assert.Contains(heads, head => head.StartsWith("ICE gathering", StringComparison.Ordinal));
            Assert.Contains(heads, head => head.StartsWith("SIP hangup; code=", StringComparison.Ordinal));
            Assert.Contains(heads, head => head.StartsWith("WEBRTC hangup; reason=", StringComparison.Ordinal));
        }

        JsonElement[] reports = [.. packets.Where(packet => packet.GetProperty("type").GetInt32() == ReceivedPacket.Qos && packet.GetProperty("correlation_id").GetString() == calls[0])];
        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.True(report.GetProperty("payload_json").GetProperty("TOTAL_PK").GetInt32() > 0 && report.GetProperty("src_port").GetInt32() > 0));
    }

    // Created and attached before the first call; detached and destroyed after the last.
    private static bool IsOfSession(JsonElement packet) => PayloadOf(packet).StartsWith("SESSION ", StringComparison.Ordinal) || PayloadOf(packet).StartsWith("HANDLE ", StringComparison.Ordinal);

    private static int TypeOf(JsonElement e) => e.GetProperty("type").GetInt32();

    private static string? CallIdOf(JsonElement e) => TypeOf(e) == Plugin && e.GetProperty("event").GetProperty("data").TryGetProperty("call-id", out JsonElement id) ? id.GetString() : null;

    private static string? SipOf(JsonElement e) => TypeOf(e) == Plugin && e.GetProperty("event").GetProperty("data").TryGetProperty("sip", out JsonElement sip) ? sip.GetString() : null;

    private static string PayloadOf(JsonElement packet) => packet.GetProperty("payload").GetString()!;

    private static long TimeOf(JsonElement packet) =>
        (DateTimeOffset.Parse(packet.GetProperty("time").GetString()!, CultureInfo.InvariantCulture).UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    [GeneratedRegex(@"Contact: Alice <sip:alice@127\.0\.0\.1:(\d+)")]
    private static partial Regex ContactPort();
}
