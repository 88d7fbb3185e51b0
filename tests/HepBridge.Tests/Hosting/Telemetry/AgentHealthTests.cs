using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HepBridge.Diagnostics;
using HepBridge.Hosting.Telemetry;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;
using ManualTime = HepBridge.Tests.Configuration.ManualTime;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class AgentHealthTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task An_agent_with_a_switch_and_a_collector_is_ok()
    {
        using FakeEventSocket freeSwitch = new();
        await using AgentRig rig = await AgentRig.StartAsync(Json(freeSwitch.Port), new Esl.ManualTime());
        AgentHealth health = new(rig.Agent, _time);
        (FakeEventSocket.Peer peer, _) = await freeSwitch.AcceptAndLogInAsync();
        using (peer)
        {
            await Eventually.True(() => rig.Agent.Inputs[0].IsUp, () => "It is not connected.");
            Assert.Equal(HealthLevel.Ok, health.All().Status);
            Assert.Equal("Ok Ok Ok", string.Join(' ', health.All().Checks.Select(check => check.Status)));
        }

        await Eventually.True(() => rig.Agent.Inputs[0].State is { IsUp: false, Problem: not null }, () => "It is still connected.");
        HealthCheck check = Assert.Single(health.Ready().Checks, check => check.Kind == "input");
        Assert.Equal(HealthLevel.Failing, check.Status);
        Assert.StartsWith($"Not connected since {rig.Agent.Inputs[0].State.Since:yyyy-MM-dd}T", check.Reason, StringComparison.Ordinal);
        Assert.Contains(rig.Agent.Inputs[0].State.Problem!, check.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_collector_is_reported_with_its_queued_packets()
    {
        using ClosedPort closed = new();
        await using AgentRig rig = await AgentRig.StartAsync(Json(closed.Port, $"\"HEP_TRANSPORT\": \"tcp\", \"HEP_PORT\": {closed.Port}"));
        AgentHealth health = new(rig.Agent, _time);
        rig.Output.Offer(TestPackets.Make(1, 100), PacketKind.Log);
        Assert.Equal("No collector is reachable; 1 packets queued in memory, 0 on disk.", Output(health).Reason);
        Assert.Equal(HealthLevel.Failing, Output(health).Status);
    }

    [Fact]
    public async Task Drops_are_reported_with_their_reason_for_a_minute()
    {
        await using AgentRig rig = await AgentRig.StartAsync(Json(1));
        AgentHealth health = new(rig.Agent, _time);
        health.Tick();
        rig.Output.Offer(new byte[65_535], PacketKind.Log);
        Assert.Equal(HealthLevel.Ok, Output(health).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        health.Tick();
        Assert.Equal("Dropping packets (TooLarge, last at 1970-01-01T00:00:01Z; 1 since the start).", Output(health).Reason);
        _time.Advance(AgentHealth.DropMemory);
        health.Tick();
        Assert.Equal(HealthLevel.Ok, Output(health).Status);
    }

    [Fact]
    public async Task A_udp_worker_that_throws_fails_with_the_reason_and_starts_again()
    {
        using Socket collector = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        collector.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using FaultyLog log = new("sending to");
        await using AgentRig rig = await AgentRig.StartAsync(
            Json(1, $"\"HEP_SERVER\": \"localhost\", \"HEP_PORT\": {((IPEndPoint)collector.LocalEndPoint!).Port}"), loggers: log);
        await AssertRecoversAsync(rig, log, $"The output {rig.Output.Name}", () => rig.Output.Counters is { Sent: 2, Queued: 0 });
    }

    [Fact]
    public async Task A_spool_that_throws_fails_with_the_reason_and_is_sent_once_it_runs_again()
    {
        string path = Directory.CreateTempSubdirectory("hepbridge-").FullName;
        try
        {
            using ClosedPort closed = new();
            await using (AgentRig before = await AgentRig.StartAsync(Json(1, Spooled(closed.Port))))
            {
                before.Output.Offer(Packet(1), PacketKind.Log);
                before.Output.Flush();
                await Eventually.True(() => before.Output.Counters.Spooled == 1, () => "It is not spooled.");
            }

            await using ScriptedCollector collector = new();
            using FaultyLog log = new("packets left from before");
            await using AgentRig rig = await AgentRig.StartAsync(Json(1, Spooled(collector.Port)), loggers: log);
            await AssertRecoversAsync(rig, log, $"The spool of {rig.Output.Name}", () => collector.Numbers.Length == 3 && rig.Output.Counters.Spooled == 0);
            Assert.Equal(1, rig.Output.Counters.Recovered);
            ConservationLaw.AssertHolds(rig.Output.Counters);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }

        string Spooled(int port) =>
            $"\"HEP_TRANSPORT\": \"tcp\", \"HEP_SERVER\": \"127.0.0.1\", \"HEP_PORT\": {port}, \"spool\": {{ \"path\": \"{path}\", \"flush\": \"100ms\" }}";
    }

    // A spool drops packets older than max_age.
    private static byte[] Packet(int number) => TestPackets.Make(number, 100, null, (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    // Two packets, one before the fault, one after: both arrive.
    private async Task AssertRecoversAsync(AgentRig rig, FaultyLog log, string name, Func<bool> isAllSent)
    {
        AgentHealth health = new(rig.Agent, _time);
        rig.Output.Offer(Packet(2), PacketKind.Log);
        rig.Output.Flush();
        await Eventually.True(() => Output(health) is { Status: HealthLevel.Failing, Reason: { } reason } && reason.Contains("log fault", StringComparison.Ordinal), () => Output(health).ToString());
        await Eventually.True(() => log.Lines.Any(line => line.StartsWith($"Critical: {name} ended unexpectedly", StringComparison.Ordinal)), () => string.Join('\n', log.Lines));
        log.IsFaulty = false;
        rig.Output.Offer(Packet(3), PacketKind.Log);
        rig.Output.Flush();
        await Eventually.True(isAllSent, () => string.Join('\n', log.Lines));
        await Eventually.True(() => Output(health).Status == HealthLevel.Ok, () => Output(health).ToString());
    }

    [Fact]
    public async Task One_of_two_collectors_down_is_degraded()
    {
        using ClosedPort closed = new();
        using TcpListener collector = new(IPAddress.Loopback, 0);
        collector.Start();
        int port = ((IPEndPoint)collector.LocalEndpoint).Port;
        await using AgentRig rig = await AgentRig.StartAsync(
            Json(1, $"\"HEP_TRANSPORT\": \"tcp\", \"HEP_SERVER\": [\"127.0.0.1:{port}\", \"127.0.0.1:{closed.Port}\"]"));
        AgentHealth health = new(rig.Agent, _time);
        await Eventually.True(() => rig.Output.State.Reachable == 1, () => "It does not connect.");
        Assert.Equal(new HealthCheck("output", rig.Output.Name, HealthLevel.Degraded, "1 of 2 collectors are unreachable."), Output(health));
    }

    [Fact]
    public async Task A_group_that_cannot_be_joined_is_reported()
    {
        await using AgentRig rig = await AgentRig.StartAsync("""
            { "hep_config": {}, "multicast_config": { "MULTICAST_ADDRESS": "225.1.1.1", "MULTICAST_INTERFACE": "no-such-if0" } }
            """);
        AgentHealth health = new(rig.Agent, _time);
        await Eventually.True(() => rig.Agent.Inputs[0].State.Problem is not null, () => "It says nothing.");
        HealthCheck check = Assert.Single(health.Ready().Checks, check => check.Kind == "input");
        Assert.StartsWith("Not joined since 20", check.Reason, StringComparison.Ordinal);
        Assert.Contains("no-such-if0", check.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stuck_agent_is_not_live()
    {
        await using AgentRig rig = await AgentRig.StartAsync(Json(1));
        AgentHealth health = new(rig.Agent, _time);
        health.Tick();
        _time.Advance(AgentHealth.LongestTick);
        Assert.Equal(HealthLevel.Ok, health.Live().Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HealthLevel.Failing, health.Live().Status);
        Assert.Equal(HealthLevel.Failing, health.All().Status);
        health.Tick();
        Assert.Equal(HealthLevel.Ok, health.Live().Status);
    }

    [Fact]
    public void A_report_is_json_with_the_worst_status()
    {
        HealthReport report = new([new("input", "esl \"x\"", HealthLevel.Degraded, "Why."), new("output", "udp", HealthLevel.Ok, null)]);
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal("degraded", json.RootElement.GetProperty("status").GetString());
        JsonElement check = json.RootElement.GetProperty("checks")[0];
        Assert.Equal("esl \"x\"", check.GetProperty("name").GetString());
        Assert.Equal("Why.", check.GetProperty("reason").GetString());
        Assert.False(json.RootElement.GetProperty("checks")[1].TryGetProperty("reason", out _));
    }

    private static string Json(int eslPort, string hep = "\"HEP_PORT\": 9") =>
        $$"""{ "hep_config": { {{hep}} }, "esl_config": { "ESL_PORT": {{eslPort}} } }""";

    private static HealthCheck Output(AgentHealth health) => Assert.Single(health.Ready().Checks, check => check.Kind == "output");
}
