using System.Net;
using System.Net.Sockets;
using HepBridge.Checks;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Documentation;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Hosting.Telemetry;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Inputs.Seam;

/// <summary>A kind of input that the program does not contain, added with one line.</summary>
public sealed class InputSeamTests
{
    private static readonly InputKinds _kinds = new([.. InputKinds.BuiltIn.All, PagerInput.Kind]);

    [Fact]
    public void Its_section_is_read_checked_and_documented_like_any_other()
    {
        AgentConfiguration read = Good("""{ "hep_config": { "HEP_ID": 7 }, "pager_config": [{ "PAGER_DESK": "3" }, { "PAGER_DESK": 4, "HEP_ID": 8 }] }""");
        Assert.Equal([3, 4], read.Inputs.Cast<PagerConfiguration>().Select(input => input.Desk));
        Assert.Equal([7u, 8u], read.Inputs.Select(input => input.Reports.CaptureId));
        Assert.Contains("reads the pager of desk 3: capture id 7", ConfigurationSummary.Lines(read));
        Assert.Equal("Debug", Good("""{ "hep_config": {}, "pager_config": { "debug": true } }""").LogLevel.ToString());
        Assert.Contains("| `PAGER_DESK` | `1` | The desk. |", KeyTable.Render(_kinds.Sections), StringComparison.Ordinal);

        Assert.Equal("pager_config.PAGER_DESK: \"x\" is not a port; write a whole number from 1 to 65535.", Error("""{ "hep_config": {}, "pager_config": { "PAGER_DESK": "x" } }"""));
        Assert.Equal("pager_config.PAGER_DESC: unknown key; did you mean PAGER_DESK?", Error("""{ "hep_config": {}, "pager_config": { "PAGER_DESC": 1 } }"""));
        Assert.Equal("pager_config[1]: pager desk 1 is in pager_config[0], too; keep one of them.", Error("""{ "hep_config": {}, "pager_config": [{}, {}] }"""));
        Assert.Equal("pager_config.report_call_events: unknown key; it belongs in esl_config or in multicast_config or in amqp_config or in janus_config or in reports.",
            Error("""{ "hep_config": {}, "pager_config": { "report_call_events": true } }"""));
    }

    [Fact]
    public async Task Check_tests_it()
    {
        using Socket collector = Collector();
        ConfigurationResult result = Of($$"""{ "hep_config": { "HEP_PORT": {{PortOf(collector)}} }, "pager_config": { "language": "fr" } }""");
        IReadOnlyList<CheckResult> findings = await new CheckRun(_kinds.Check, TimeProvider.System, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))
            .RunAsync(result, TestContext.Current.CancellationToken);
        Assert.Equal(new CheckResult(CheckSeverity.Warning, "pager desk 1", "it speaks fr", "learn it"), findings[1]);
    }

    [Fact]
    public async Task It_runs_and_is_shown_in_health_metrics_and_on_the_page()
    {
        using Socket collector = Collector();
        await using AgentRig rig = await StartAsync($$"""{ "hep_config": { "HEP_PORT": {{PortOf(collector)}} }, "pager_config": { "HEP_ID": 42 } }""");
        PagerInput input = (PagerInput)Assert.Single(rig.Agent.Inputs);
        await Eventually.True(() => input.State.IsUp, () => "It does not start.");
        input.Page("a@x", "desk calls\n");
        CollectedPacket packet = await ReceiveAsync(collector);
        Assert.Equal(("a@x", 42u, "127.0.0.1"), (packet.CallId, packet.CaptureId, packet.Source));
        Assert.StartsWith("desk calls; desk=1; callid=a@x time=20", packet.Payload, StringComparison.Ordinal);

        HealthCheck health = Assert.Single(new AgentHealth(rig.Agent, TimeProvider.System).Ready().Checks, check => check.Kind == "input");
        Assert.Equal(new HealthCheck("input", "pager desk 1", HealthLevel.Ok, null), health);

        using AgentMeter meter = new(rig.Agent, TimeProvider.System);
        using PrometheusText text = new(meter.Meter);
        PrometheusDocument metrics = PrometheusDocument.Parse(text.Write());
        Assert.Equal(1, metrics.Value("hepbridge_input_up", ("input", "pager desk 1")));
        Assert.Equal(1, metrics.Value("hepbridge_input_events_received_total", ("input", "pager desk 1")));
        Assert.Equal(1, metrics.Value("hepbridge_pager_pages_total", ("input", "pager desk 1")));
        Assert.Contains("`hepbridge_pager_pages_total`", MetricPage.Render(_kinds), StringComparison.Ordinal);

        AgentStatus page = new AgentStatusSource(rig.Agent, TimeProvider.System).Read();
        Assert.Equal(("pager desk 1", "receiving", true, 1L), Assert.Single(page.Inputs) switch { var shown => (shown.Name, shown.State, shown.Ok, shown.Received) });
        Assert.Contains(new DropStatus("pager desk 1", "Illegible", 3), page.Drops);
        Assert.True(rig.Agent.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public async Task An_input_that_is_down_uses_its_own_word_for_it()
    {
        await using AgentRig rig = await StartAsync("""{ "hep_config": {}, "pager_config": { "language": "none" } }""");
        HealthCheck health = Assert.Single(new AgentHealth(rig.Agent, TimeProvider.System).Ready().Checks, check => check.Kind == "input");
        Assert.Equal(HealthLevel.Failing, health.Status);
        Assert.StartsWith("Not listening since 20", health.Reason, StringComparison.Ordinal);
        Assert.EndsWith("Z. The pager is off.", health.Reason, StringComparison.Ordinal);
        Assert.Equal("not listening", Assert.Single(new AgentStatusSource(rig.Agent, TimeProvider.System).Read().Inputs).State);
    }

    [Fact]
    public async Task A_reload_updates_or_replaces_it()
    {
        await using AgentRig rig = await StartAsync("""{ "hep_config": {}, "pager_config": [{ "PAGER_DESK": 1 }, { "PAGER_DESK": 2 }] }""");
        IInput[] before = [.. rig.Agent.Inputs];
        await rig.Agent.ApplyAsync(Good("""{ "hep_config": {}, "pager_config": [{ "PAGER_DESK": 2, "language": "fr" }, { "PAGER_DESK": 3 }] }"""));
        PagerInput[] after = [.. rig.Agent.Inputs.Cast<PagerInput>()];
        Assert.Equal(["pager desk 2", "pager desk 3"], after.Select(input => input.Configuration.Identity).Order());
        PagerInput stays = Assert.Single(after, input => input.Configuration.Identity == "pager desk 2");
        Assert.Same(before[1], stays);
        Assert.Equal("fr", stays.Language);
        Assert.True(((PagerInput)before[0]).IsDisposed);
        Assert.False(stays.IsDisposed);
    }

    [Fact]
    public void Two_of_them_with_one_event_socket_cause_no_duplicates()
    {
        AgentConfiguration read = Good("""{ "hep_config": {}, "esl_config": {}, "pager_config": [{ "PAGER_DESK": 1 }, { "PAGER_DESK": 2 }] }""");
        Assert.Equal(1, read.Inputs.Sum(input => input.EventPaths));
    }

    private static ConfigurationResult Of(string json) => Reading.Of(json, kinds: _kinds);

    private static AgentConfiguration Good(string json)
    {
        ConfigurationResult result = Of(json);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }

    private static string Error(string json) => Assert.Single(Of(json).Errors).ToString();

    private static Task<AgentRig> StartAsync(string json) => AgentRig.StartAsync(Good(json), TimeProvider.System, _kinds);

    private static Socket Collector()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static async Task<CollectedPacket> ReceiveAsync(Socket collector)
    {
        byte[] buffer = new byte[65_536];
        int length = await collector.ReceiveAsync(buffer, SocketFlags.None, TestContext.Current.CancellationToken);
        return CollectedPacket.From(buffer.AsSpan(0, length));
    }
}
