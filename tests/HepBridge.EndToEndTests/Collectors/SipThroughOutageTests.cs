using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using HepBridge.Collector.Receiving;
using HepBridge.EndToEndTests.Processes;
using HepBridge.Hep;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Outputs;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>The switch's SIP and events through one agent by TLS, while the collector is away as long as the calls last: about ten seconds.</summary>
public sealed class SipThroughOutageTests
{
    // 63 seconds of calls in ten.
    private const string Speed = "6";

    [Fact]
    public async Task All_SIP_is_stored_byte_for_byte_with_its_events_after_an_outage()
    {
        Packages.RequireKamailioAndPostgres();
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        await using Kamailio kamailio = await Kamailio.StartForEveryTypeAsync(postgres, "sip");
        await kamailio.CrashAsync();
        KeptPackets witness = new();
        await using HepListener listener = HepListener.Start(new IPEndPoint(IPAddress.Loopback, 0), witness);
        await using Setup setup = new();
        HepBridgeProcess replay = await setup.StartSwitchAsync("--speed", Speed, "--once", "--keep-times");
        int port = FreePort.Next();
        JsonObject configuration = setup.Configuration("call", "rtcp", "qos");
        JsonObject tls = CollectedSession.Collector(kamailio.TlsPort, "tls");
        tls["tls_ca"] = kamailio.Certificate.Path;
        configuration["hep_config"] = new JsonArray(tls, CollectedSession.Collector(listener.EndPoint.Port, "tcp"));
        configuration["hep_input"] = new JsonObject { ["listen"] = $"127.0.0.1:{port}", ["fill_addresses"] = false };
        configuration["reports"] = new JsonObject { ["max_clock_skew"] = 0 };
        setup.Save(configuration);
        HepBridgeProcess agent = setup.Start("run");
        await agent.SeesAsync("HEP input: listening on");
        HepBridgeProcess sip = setup.Start("replay", SwitchSip.RecordingPath, "--hep", $"127.0.0.1:{port}", "--speed", Speed, "--keep-times");
        await sip.SeesAsync($"{SwitchSip.Packets.Count} packets sent.");
        Assert.Equal(0, await sip.ExitAsync());
        Assert.Equal(0, await replay.ExitAsync());
        await agent.SeesAsync("closed the connection. Retrying in");
        Assert.Equal(0L, await kamailio.Database.CreateCommand("select count(*) from hep_packet").ExecuteScalarAsync());

        await kamailio.StartAgainAsync();
        await kamailio.CountsAsync(SwitchSip.Packets.Count, "select count(*) from hep_packet where type = 1 and via = 'tls' and capture_id = 100");
        Assert.Equal(0, await agent.EndAsync());
        long made = long.Parse(await agent.MatchesAsync(@"Total: .*; (\d+) packets;"), CultureInfo.InvariantCulture);
        await kamailio.CountsAsync(made, "select count(*) from hep_packet where via = 'tls'");

        List<StoredPacket> stored = await StoredPacket.OfEveryTypeAsync(kamailio, "tls", CollectedSession.Homer5Agent);
        foreach (string callId in SwitchSip.CallIds)
        {
            Assert.Equal(SwitchSip.Messages.Where(message => message.CallId == callId).OrderBy(static message => message.Time), stored.Where(packet => packet.Type == 1 && packet.CallId == callId));
        }

        Assert.Equal(RecordedEvents.CallIds.Values.Order(), stored.Where(static packet => packet.Type == 100).Select(static packet => packet.CallId).Distinct().Order());
        await Eventually.True(() => witness.Count == made, () => $"{witness.Count} of {made} packets arrived by TCP.");
        Assert.Equal(SwitchSip.Packets, witness.Sip);
    }

    private sealed class KeptPackets : IHepHandler
    {
        private readonly List<byte[]> _sip = [];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IReadOnlyList<byte[]> Sip => _sip;

        public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
        {
            if (packet.PayloadType == HepPayloadType.Sip)
            {
                _sip.Add(bytes.ToArray());
            }

            Interlocked.Increment(ref _count);
        }

        public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => Assert.Fail($"{reason}");
    }
}
