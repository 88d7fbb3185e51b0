using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using HepBridge.EndToEndTests.Processes;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>The agent itself, and a collector, on host 1 of a private network; switches on the others.</summary>
[Collection(nameof(Processes))]
public sealed partial class MulticastAgentTests
{
    private const string NoReports = "\"report_call_events\": false, \"report_rtcp_events\": false, \"report_qos_events\": false";

    [Theory]
    [InlineData(5, 2000)]
    [InlineData(20, 500)]
    public async Task Three_switches_at_500_events_a_second_lose_nothing_and_at_2000_nothing_uncounted(int perStep, int steps)
    {
        Requirements.Check();
        using PrivateNetwork network = new(4);
        await using Agent agent = await Agent.StartAsync(network, $"{NoReports}, \"report_registration_events\": true");
        await Task.WhenAll(Enumerable.Range(2, 3).Select(host =>
        {
            SwitchEvents events = new($"switch{host}", $"core-{host}");
            return events.SendAsync(network.Host(host), steps, () => Enumerable.Range(0, perStep).Select(_ => events.Next()));
        }));

        // The statistics of a second without any more events.
        await agent.Run.SeesAsync(" 0 events (", agent.Run.Count);
        Assert.Equal(0, await agent.Run.EndAsync());
        long sent = 3L * perStep * steps;
        long events = long.Parse(await agent.Run.MatchesAsync(@"Total: (\d+) events"), CultureInfo.InvariantCulture);
        long drops = long.Parse(await agent.Run.MatchesAsync(@"rejected: none; dropped by the kernel: (\d+)\."), CultureInfo.InvariantCulture);
        Assert.Equal(sent, events + drops);
        Assert.Equal(events, long.Parse(await agent.Run.MatchesAsync(@"ended: (\d+) datagrams read"), CultureInfo.InvariantCulture));
        if (perStep == 5)
        {
            Assert.Equal(0, drops);
            await agent.Run.SeesAsync($"Total: {sent} events: {sent / 10} reported, 0 observed only, {sent - (sent / 10)} filtered, 0 without");
        }

        long packets = long.Parse(await agent.Run.MatchesAsync(@"Total: .*: (\d+) sent, 0 queued, 0 dropped"), CultureInfo.InvariantCulture);
        await agent.Listen.SeesAsync(_ => agent.Listen.Lines.Count(line => line.StartsWith('{')) == packets, $"the last of {packets} packets");
    }

    [Fact]
    public async Task Foreign_datagrams_are_counted_and_logged_without_affecting_the_good_switch()
    {
        Requirements.Check();
        using PrivateNetwork network = new(3);
        await using Agent agent = await Agent.StartAsync(
            network, $"{NoReports}, \"report_registration_events\": true, \"MULTICAST_PSK\": \"right psk\", \"allowed_senders\": [\"10.77.0.2\"]");
        SwitchEvents good = new("good", "core-1");
        Task goodSent = good.SendAsync(network.Host(2), 100, () => [good.Register("1000")], "right psk");
        SwitchEvents bad = new("bad", "core-2");
        await bad.SendAsync(network.Host(2), 20, () => [bad.Register("1000")], "other psk");
        await bad.SendAsync(network.Host(2), 20, () => [bad.Register("1000")]);
        await bad.SendAsync(network.Host(3), 20, () => [bad.Register("1000")], "right psk");
        await NamespaceThread.RunAsync(network.Host(2), () =>
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            byte[] whole = new byte[MulticastDatagram.MaxLength];
            Assert.True(new MulticastDatagramWriter("", new PskCipher("right psk"u8)).TryWrite(good.Register("cut"), Guid.NewGuid(), whole, out int length));
            Random random = new(1);
            for (int i = 0; i < 20; i++)
            {
                byte[] bytes = new byte[random.Next(1, 3000)];
                random.NextBytes(bytes);
                socket.SendTo(bytes, new IPEndPoint(IPAddress.Parse("225.1.1.1"), 4242));
                socket.SendTo(whole[..(length - 8)], new IPEndPoint(IPAddress.Parse("225.1.1.1"), 4242));
                socket.SendTo(whole[..(length - 3)], new IPEndPoint(IPAddress.Parse("225.1.1.1"), 4242));
            }

            return Task.CompletedTask;
        });
        await goodSent;
        await agent.Run.SeesAsync(" 0 events (", agent.Run.Count);
        Assert.Equal(0, await agent.Run.EndAsync());

        await agent.Run.SeesAsync("ended: 220 datagrams read, 100 events, rejected: NoTrailer 20, Truncated 20, PlaintextWithPsk 20, WrongPsk 20, BadBlockLength 20, ForeignSender 20; dropped by the kernel: 0.");
        await agent.Run.SeesAsync("Total: 100 events: 100 reported");
        await agent.Run.SeesAsync("rejected (WrongPsk), the last one from 10.77.0.2: the sender's psk differs from MULTICAST_PSK.");
        await agent.Run.SeesAsync("rejected (ForeignSender), the last one from 10.77.0.3: its address is not in allowed_senders.");
        await agent.Run.SeesAsync("rejected (PlaintextWithPsk)");
        Assert.Equal(6, agent.Run.Lines.Count(line => line.Contains("rejected (", StringComparison.Ordinal)));
        await agent.Listen.SeesAsync(_ => agent.Listen.Lines.Count(line => line.Contains("1000-of-good", StringComparison.Ordinal)) == 100, "100 registrations");
        Assert.DoesNotContain(agent.Listen.Lines, line => line.Contains("of-bad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switches_that_come_go_and_restart_are_reported_and_a_lost_interface_is_rejoined()
    {
        Requirements.Check();
        using PrivateNetwork network = new(3);
        await using Agent agent = await Agent.StartAsync(network, $"{NoReports}, \"report_peer_events\": true, \"peer_timeout\": \"2s\"");
        SwitchEvents alpha = new("alpha", "core-1");
        SwitchEvents bravo = new("bravo", "core-2");
        SwitchEvents restarted = new("alpha", "core-3");
        await bravo.SendAsync(network.Host(3), 1, () => [bravo.Heartbeat()]);
        await UntilAsync(alpha, network, agent.Run.SeesAsync("Switch bravo is down: no HEARTBEAT for 2 s."));
        await agent.Run.SeesAsync("Switch alpha (10.77.0.2) is up.");
        await agent.Run.SeesAsync("Switch bravo (10.77.0.3) is up.");
        await UntilAsync(restarted, network, agent.Run.SeesAsync("Switch alpha (10.77.0.2) restarted: it has a new Core-UUID."));

        network.Down(1);
        await agent.Run.SeesAsync("Switch alpha is down");
        int from = agent.Run.Count;
        network.Up(1);
        await UntilAsync(restarted, network, agent.Run.SeesAsync("Switch alpha (10.77.0.2) is up.", from));

        network.Disconnect(1);
        await agent.Run.SeesAsync("there is no interface eth0 on this host", from);
        from = agent.Run.Count;
        network.Connect(1);
        await agent.Run.SeesAsync("rejoined", from);
        await UntilAsync(restarted, network, agent.Run.SeesAsync("Switch alpha (10.77.0.2) is up.", from));

        foreach (string line in (string[])["PEER_UP bravo; address=10.77.0.3", "PEER_UP alpha; address=10.77.0.2", "PEER_DOWN bravo", "PEER_RESTARTED alpha", "PEER_DOWN alpha"])
        {
            await agent.Listen.SeesAsync(line);
        }
    }

    [Fact]
    public async Task Peers_shows_switches_and_where_users_are_registered()
    {
        Requirements.Check();
        using PrivateNetwork network = new(3);
        await using Agent agent = await Agent.StartAsync(network, NoReports);
        SwitchEvents alpha = new("alpha", "core-1");
        SwitchEvents bravo = new("bravo", "core-2");

        // Alongside the running agent: both hear the group.
        await using HepBridgeProcess peers = HepBridgeProcess.StartIn(network.Host(1), "peers", "--config", agent.ConfigurationPath, "--seconds", "4", "--json");
        await using HepBridgeProcess table = HepBridgeProcess.StartIn(network.Host(1), "peers", "--config", agent.ConfigurationPath, "--seconds", "4");
        Task ended = Task.WhenAll(peers.ExitAsync(), table.ExitAsync());
        while (!ended.IsCompleted)
        {
            await alpha.SendAsync(network.Host(2), 5, () => [alpha.Heartbeat(), alpha.Register("1000"), alpha.Register("1001")]);
            await bravo.SendAsync(network.Host(3), 5, () => [bravo.Heartbeat(), bravo.Register("1000")]);
        }

        await ended;
        JsonElement shown = JsonDocument.Parse(await peers.SeesAsync("{")).RootElement;
        Assert.Equal(
            [("alpha", "10.77.0.2", "up"), ("bravo", "10.77.0.3", "up")],
            shown.GetProperty("Switches").EnumerateArray().Select(row => (Text(row, "Name"), Text(row, "Address"), Text(row, "State"))));
        Assert.Equal(
            ["1000@example.net", "1001@example.net"],
            shown.GetProperty("Registrations").EnumerateArray().Select(row => Text(row, "User")));
        Assert.Equal("alpha", Text(shown.GetProperty("Registrations")[1], "Node"));
        Assert.Matches(@"^1001@example\.net +alpha +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +10\.9\.9\.9:5060 +sip:1001@10\.9\.9\.9$", await table.SeesAsync("1001@example.net"));
        await table.SeesAsync(line => PeerRow().IsMatch(line), "bravo up");
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static async Task UntilAsync(SwitchEvents alpha, PrivateNetwork network, Task seen)
    {
        while (!seen.IsCompleted)
        {
            await alpha.SendAsync(network.Host(2), 10, () => [alpha.Heartbeat()]);
        }

        await seen;
    }

    [GeneratedRegex(@"^bravo +10\.77\.0\.3 +up +0 *$")]
    private static partial Regex PeerRow();

    /// <summary>The agent and its collector on host 1.</summary>
    private sealed class Agent : IAsyncDisposable
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-").FullName;

        public required HepBridgeProcess Listen { get; init; }

        public HepBridgeProcess Run { get; private set; } = null!;

        public string ConfigurationPath => Path.Combine(_directory, "config.json");

        public static async Task<Agent> StartAsync(PrivateNetwork network, string multicast)
        {
            Agent agent = new() { Listen = HepBridgeProcess.StartIn(network.Host(1), "listen", "--json", "--port", "0") };
            string port = await agent.Listen.MatchesAsync(@"^listening on 127\.0\.0\.1:(\d+)");
            await File.WriteAllTextAsync(agent.ConfigurationPath, $$"""
                {
                  "hep_config": { "HEP_SERVER": "127.0.0.1", "HEP_PORT": {{port}} },
                  "multicast_config": { "MULTICAST_INTERFACE": "eth0", {{multicast}} },
                  "statistics_interval": "1s"
                }
                """);
            agent.Run = HepBridgeProcess.StartIn(network.Host(1), "run", "--config", agent.ConfigurationPath);
            await agent.Run.SeesAsync("Multicast: listening on 225.1.1.1 port 4242 on eth0.");
            return agent;
        }

        public async ValueTask DisposeAsync()
        {
            await Run.DisposeAsync();
            await Listen.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
