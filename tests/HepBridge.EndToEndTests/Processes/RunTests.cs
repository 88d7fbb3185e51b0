using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace HepBridge.EndToEndTests.Processes;

[Collection(nameof(Processes))]
public class RunTests
{
    private const string FirstCall = "c46b3a2eb8497a01@10.99.0.11";

    [Fact]
    public async Task Everything_a_switch_sent_reaches_the_collector_and_matches_the_totals()
    {
        await using Setup setup = new();
        HepBridgeProcess replay = await setup.StartSwitchAsync("--speed", "20", "--once");
        HepBridgeProcess listen = await setup.StartCollectorAsync();
        setup.Save(setup.Configuration("call", "rtcp", "qos"));
        HepBridgeProcess run = setup.Start("run");
        Assert.Equal(0, await replay.ExitAsync());

        await run.SeesAsync("closed the connection");
        Assert.Equal(0, await run.EndAsync());
        string sent = await run.MatchesAsync(@"Total: \d+ events: .* udp 127\.0\.0\.1:\d+: (\d+) sent, 0 queued, 0 dropped");
        await listen.SeesAsync(line => ReceivedPacket.AllOf(listen.Lines).Count.ToString(CultureInfo.InvariantCulture) == sent, $"the last of {sent} packets");
        Assert.Equal(0, await listen.EndAsync());
        await listen.SeesAsync($"{sent} packets (RTCP 158, QOS 21, LOG ");
        await listen.SeesAsync("0 malformed");
    }

    [Fact]
    public async Task SIGTERM_during_calls_flushes_the_queues_and_exits_with_0()
    {
        await using Setup setup = new();
        await setup.StartSwitchAsync("--speed", "4", "--stay");
        HepBridgeProcess listen = await setup.StartCollectorAsync();
        setup.Save(setup.Configuration("call", "rtcp", "qos"));
        HepBridgeProcess run = setup.Start();
        await listen.SeesAsync("ANSWER");

        Assert.Equal(0, await run.EndAsync());
        string sent = await run.MatchesAsync(@"Total: .* udp 127\.0\.0\.1:\d+: (\d+) sent, 0 queued, 0 dropped");
        await listen.SeesAsync(_ => ReceivedPacket.AllOf(listen.Lines).Count.ToString(CultureInfo.InvariantCulture) == sent, $"the last of {sent} packets");
    }

    [Fact]
    public async Task A_switch_that_stops_and_returns_logs_one_line_each_and_its_calls_stay_known()
    {
        await using Setup setup = new();
        HepBridgeProcess replay = await setup.StartSwitchAsync("--speed", "4", "--stay");
        HepBridgeProcess listen = await setup.StartCollectorAsync();
        setup.Save(setup.Configuration("call", "rtcp", "qos"));
        HepBridgeProcess run = setup.Start();
        await listen.SeesAsync(line => ReceivedPacket.Of(line) == new ReceivedPacket(ReceivedPacket.Rtcp, FirstCall), "RTCP of the first call");

        await replay.CrashAsync();
        string nextTry = await run.MatchesAsync(@"closed the connection\. Retrying in ([\d.]+) s");
        Assert.InRange(double.Parse(nextTry, CultureInfo.InvariantCulture), 0.5, 1.5);
        int before = listen.Count;
        await setup.StartSwitchAsync("--speed", "4", "--from", "6", "--stay");
        await run.SeesAsync("reconnected");

        // RTCP events have no Call-ID: only what was learned earlier identifies their call.
        await listen.SeesAsync(line => ReceivedPacket.Of(line) == new ReceivedPacket(ReceivedPacket.Rtcp, FirstCall), "RTCP of the first call, again", before);
        Assert.Equal(0, await run.EndAsync());
        Assert.Single(run.Lines, line => line.Contains("reconnected", StringComparison.Ordinal));
        Assert.Single(run.Lines, line => line.Contains("closed the connection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_stops_and_returns_logs_one_line_each_and_gets_packets_again()
    {
        await using Setup setup = new();
        await setup.StartSwitchAsync("--speed", "10", "--loop");
        HepBridgeProcess listen = await setup.StartCollectorAsync();
        setup.Save(setup.Configuration("call", "rtcp", "qos"));
        HepBridgeProcess run = setup.Start();
        await listen.SeesAsync("ANSWER");

        await listen.CrashAsync();
        await run.SeesAsync("the collector's port is closed");
        HepBridgeProcess next = await setup.StartCollectorAsync();
        await run.SeesAsync("the collector's port is open again");
        await next.SeesAsync(line => ReceivedPacket.Of(line) is { Type: ReceivedPacket.Rtcp }, "RTCP");

        Assert.Equal(0, await run.EndAsync());
        Assert.Single(run.Lines, line => line.Contains("port is closed", StringComparison.Ordinal));
        Assert.Single(run.Lines, line => line.Contains("open again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("HEPBRIDGE_CONFIG")]
    [InlineData("the directory's config.json")]
    public async Task The_configuration_is_found_in_each_documented_place(string way)
    {
        await using Setup setup = new();
        string path = way.StartsWith("the directory", StringComparison.Ordinal) ? setup.ConfigurationPath : Path.Combine(setup.Folder, "other.json");
        File.WriteAllText(path, """{ "hep_config": {}, "esl_config": { "ESL_SERVER": "127.0.0.1", "ESL_PORT": 1 } }""");
        Dictionary<string, string> variables = new();
        if (way == "HEPBRIDGE_CONFIG")
        {
            variables.Add(way, path);
        }

        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(setup.Folder, variables, way == "--config" ? [way, path] : []));
        await run.SeesAsync("reads the event socket 127.0.0.1:1:");
        await run.SeesAsync("Cannot connect to the event socket 127.0.0.1:1");
        Assert.Equal(0, await run.EndAsync());
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGQUIT)]
    public async Task Each_signal_to_stop_ends_it_with_its_totals(PosixSignal signal)
    {
        await using Setup setup = new();
        File.WriteAllText(setup.ConfigurationPath, """{ "hep_config": {}, "esl_config": { "ESL_SERVER": "127.0.0.1", "ESL_PORT": 1 } }""");
        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(setup.Folder, new Dictionary<string, string>()));

        // The first line is logged during the start: a stop is orderly from then on.
        await run.SeesAsync("reads the event socket");
        run.Signal(signal);

        Assert.Equal(0, await run.ExitAsync());
        Assert.Single(run.Lines, line => line.Contains("Total: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_fails_says_why_before_it_closes_anything()
    {
        await using Setup setup = new();
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        File.WriteAllText(
            setup.ConfigurationPath,
            $$"""
            {
              "hep_config": {}, "esl_config": { "ESL_SERVER": "127.0.0.1", "ESL_PORT": 1 },
              "metrics": { "listen": "127.0.0.1:0" }, "web": { "listen": "{{taken.LocalEndpoint}}" }
            }
            """);
        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(setup.Folder, new Dictionary<string, string>()));

        Assert.Equal(1, await run.ExitAsync());
        string[] lines = [.. run.Lines];
        int why = Array.FindIndex(lines, line => line.Contains("cannot start", StringComparison.Ordinal));
        int closed = Array.FindIndex(lines, line => line.Contains("no longer served", StringComparison.Ordinal));
        Assert.True(why >= 0 && closed > why, string.Join('\n', lines));
    }

    [Fact]
    public async Task No_secret_is_in_the_log_at_any_level()
    {
        const string Secret = "s3cret";
        await using Setup setup = new();
        await setup.StartSwitchAsync("--speed", "30", "--password", $"{Secret}-esl");
        await setup.StartCollectorAsync();
        JsonObject configuration = setup.Configuration("call", "rtcp", "qos");
        configuration["log_level"] = "trace";
        configuration["hep_config"]!["HEP_PASS"] = $"{Secret}-hep";
        configuration["esl_config"]!["ESL_PASS"] = $"{Secret}-wrong";
        setup.Save(configuration);
        Dictionary<string, string> variables = new() { ["HEPBRIDGE_esl_config__ESL_PASS"] = $"{Secret}-esl" };

        HepBridgeProcess refused = setup.Start("run");
        await refused.SeesAsync("password");
        Assert.Equal(0, await refused.EndAsync());
        HepBridgeProcess run = setup.Keep(HepBridgeProcess.Start(setup.Folder, variables, "run"));
        await run.SeesAsync("closed the connection");
        Assert.Equal(0, await run.EndAsync());

        Assert.Contains(run.Lines, line => line.Contains(" debug HEP type 5 ", StringComparison.Ordinal));
        Assert.All(run.Lines.Concat(refused.Lines), line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
    }
}
