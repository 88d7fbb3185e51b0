using System.Globalization;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Inputs;

public sealed class MulticastInputTests : IDisposable
{
    private static readonly ReportOptions _reports = new() { PeerEvents = true, RegistrationEvents = true };
    private readonly PipelineRig _rig = new();
    private readonly KeptLog _log = new();
    private int _sequence;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Switches_that_come_go_and_restart_are_reported()
    {
        await using LoopbackMulticast multicast = Start();
        await multicast.SendAsync([Event("alpha", "core-1", "HEARTBEAT"), Event("bravo", "core-2", "HEARTBEAT"), Event("alpha", "core-1", "HEARTBEAT")]);
        Assert.Equal(2, multicast.Input.Peers.Up);
        _rig.Time.Advance(TimeSpan.FromSeconds(61));
        await multicast.SendAsync([Event("bravo", "core-2", "HEARTBEAT")]);
        multicast.Input.Tick();
        multicast.Input.Tick();
        Assert.Equal(1, multicast.Input.Peers.Up);
        await multicast.SendAsync([Event("alpha", "core-1", "HEARTBEAT"), Event("alpha", "core-3", "CHANNEL_STATE"), Event("alpha", "core-3", "HEARTBEAT")]);

        Assert.Equal(
            [("PEER_UP", "alpha"), ("PEER_UP", "bravo"), ("PEER_DOWN", "alpha"), ("PEER_UP", "alpha"), ("PEER_RESTARTED", "alpha")],
            _rig.Packets.Select(packet => (packet.State(), packet.CallId)));
        Assert.All(_rig.Packets, packet => Assert.Equal("127.0.0.1", packet.Source));
        Assert.All(_rig.Packets, packet => Assert.Equal(packet.CallId, packet.Field("node")));
        Assert.Contains("Warning: Switch alpha is down: no HEARTBEAT for 60 s.", _log.Lines);
        Assert.Contains("Information: Switch bravo (127.0.0.1) is up.", _log.Lines);
        Assert.Contains("Warning: Switch alpha (127.0.0.1) restarted: it has a new Core-UUID.", _log.Lines);
    }

    [Fact]
    public async Task Peers_appear_only_in_the_log_unless_configured()
    {
        await using LoopbackMulticast multicast = Start(new ReportOptions());
        await multicast.SendAsync([Event("alpha", "core-1", "HEARTBEAT")]);
        Assert.Empty(_rig.Packets);
        Assert.Contains("Information: Switch alpha (127.0.0.1) is up.", _log.Lines);
    }

    [Fact]
    public async Task A_restart_forgets_only_that_switchs_legs_once_it_has_been_silent()
    {
        await using LoopbackMulticast multicast = Start();
        string[] create = ["Unique-ID: leg", "variable_sip_call_id: a%40b", "Channel-Name: sofia/x"];
        await multicast.SendAsync(
        [
            Event("alpha", "core-1", "HEARTBEAT"), Event("bravo", "core-2", "HEARTBEAT"),
            Event("alpha", "core-1", "CHANNEL_CREATE", create), Event("bravo", "core-2", "CHANNEL_CREATE", create),
        ]);
        _rig.Advance(1);
        Assert.Equal(2, _rig.Pipeline.Counters.Legs);
        await multicast.SendAsync([Event("alpha", "core-3", "HEARTBEAT")]);
        multicast.Input.Tick();
        _rig.Advance(61);
        Assert.Equal(2, _rig.Pipeline.Counters.Legs);
        await multicast.SendAsync([Event("alpha", "core-3", "HEARTBEAT"), Event("bravo", "core-2", "HEARTBEAT")]);
        multicast.Input.Tick();
        _rig.Advance(1);
        Assert.Equal(1, _rig.Pipeline.Counters.Legs);
        Assert.Equal(["alpha", "bravo"], _rig.Pipeline.Switches.Select(found => found.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_forged_heartbeat_takes_no_call_of_a_switch_that_is_still_heard()
    {
        await using LoopbackMulticast multicast = Start();
        await multicast.SendAsync(
        [
            Event("alpha", "core-1", "HEARTBEAT"),
            Event("alpha", "core-1", "CHANNEL_CREATE", "Unique-ID: leg", "variable_sip_call_id: a%40b", "Channel-Name: sofia/x"),
        ]);
        for (int round = 0; round < 10; round++)
        {
            await multicast.SendAsync([Event("alpha", $"forged-{round}", "HEARTBEAT"), Event("alpha", "core-1", "HEARTBEAT")]);
            multicast.Input.Tick();
            _rig.Advance(20);
        }

        await multicast.SendAsync([Event("alpha", "core-1", "CHANNEL_ANSWER", "Unique-ID: leg")]);
        Assert.Equal(["CREATE", "ANSWER"], _rig.States("a@b"));
        Assert.Single(_log.Lines, line => line.Contains("Two switches are named alpha", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switches_that_share_a_name_cause_one_warning_and_no_flood_of_restarts()
    {
        await using LoopbackMulticast multicast = Start();
        for (int round = 0; round < 5; round++)
        {
            await multicast.SendAsync([.. Enumerable.Range(0, 4).Select(core => Event("freeswitch", $"core-{core}", "HEARTBEAT"))]);
        }

        Assert.Single(_log.Lines, line => line.Contains("Two switches are named freeswitch", StringComparison.Ordinal));
        Assert.True(_rig.Packets.Count(packet => packet.State() == "PEER_RESTARTED") <= 3);
    }

    [Fact]
    public async Task Equal_unique_ids_of_two_switches_are_kept_apart()
    {
        await using LoopbackMulticast multicast = Start();
        await multicast.SendAsync(
        [
            Event("alpha", "core-1", "CHANNEL_CREATE", "Unique-ID: leg", "variable_sip_call_id: of-alpha", "Channel-Name: sofia/x"),
            Event("bravo", "core-2", "CHANNEL_CREATE", "Unique-ID: leg", "variable_sip_call_id: of-bravo", "Channel-Name: sofia/x"),
            Event("alpha", "core-1", "CHANNEL_ANSWER", "Unique-ID: leg"),
            Event("bravo", "core-2", "CHANNEL_ANSWER", "Unique-ID: leg"),
        ]);
        Assert.Equal(["of-alpha", "of-bravo", "of-alpha", "of-bravo"], _rig.Packets.Select(packet => packet.CallId));
    }

    [Fact]
    public async Task Presence_has_its_own_call_id_or_its_channels()
    {
        await using LoopbackMulticast multicast = Start();
        await multicast.SendAsync(
        [
            Event("alpha", "core-1", "PRESENCE_IN", "proto: sip", "from: 1000%40example.net", "status: Registered", "call-id: of-the-register"),
            Event("alpha", "core-1", "CHANNEL_CREATE", "Unique-ID: leg", "variable_sip_call_id: of-the-call", "Channel-Name: sofia/x"),
            Event("alpha", "core-1", "PRESENCE_IN", "proto: any", "from: 1000%40example.net", "Unique-ID: leg"),
            Event("alpha", "core-1", "PRESENCE_IN", "proto: sip", "from: 1000%40example.net"),
        ]);
        List<CollectedPacket> presence = [.. _rig.Packets.Where(packet => packet.State() == "PRESENCE")];
        Assert.Equal(["of-the-register", "of-the-call"], presence.Select(packet => packet.CallId));
        Assert.All(presence, packet => Assert.Contains("1000@example.net on alpha", packet.Payload, StringComparison.Ordinal));
        Assert.Equal(1, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NoLeg));
    }

    [Fact]
    public async Task The_latest_node_of_a_user_is_known()
    {
        await using LoopbackMulticast multicast = Start();
        string[] register = ["from-user: 1000", "from-host: example.net", "contact: sip%3A1000%4010.0.0.9", "call-id: r1", "expires: 300", "network-ip: 10.0.0.9", "network-port: 5060"];
        await multicast.SendAsync([Event("alpha", "core-1", "CUSTOM", ["Event-Subclass: sofia%3A%3Aregister", .. register])]);
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        await multicast.SendAsync([Event("bravo", "core-2", "CUSTOM", ["Event-Subclass: sofia%3A%3Aregister", .. register])]);
        Assert.Equal(["alpha", "bravo"], _rig.Packets.Select(packet => packet.Field("node")));
        HepBridge.Reports.Registration found = Assert.Single(_rig.Pipeline.Registrations.Snapshot(_rig.Time.GetUtcNow()));
        Assert.Equal(("1000@example.net", "bravo", "10.0.0.9:5060"), (found.User, found.Node, found.Network));
        Assert.Equal(_rig.Time.GetUtcNow().AddSeconds(300), found.Expires);
    }

    [Fact]
    public async Task An_input_that_cannot_listen_is_not_up()
    {
        await using LoopbackMulticast multicast = Start();
        await multicast.SendAsync([Event("alpha", "core-1", "HEARTBEAT"), [.. "noise"u8]]);
        Assert.True(multicast.Input.State.IsUp);
        multicast.Input.OnListener(new MulticastListenerStatus { Address = System.Net.IPAddress.Loopback, Port = 1, State = ListenerState.Waiting, Problem = "it is gone" });
        Assert.False(multicast.Input.State.IsUp);
        Assert.Contains("Warning: Multicast: it is gone", _log.Lines);
        Assert.Contains("1 datagrams rejected (NoTrailer), the last one from 127.0.0.1", _log.Text, StringComparison.Ordinal);
    }

    private LoopbackMulticast Start(ReportOptions? reports = null) =>
        new(_rig, reports: reports ?? _reports, log: _log.CreateLogger<MulticastInput>());

    private byte[] Event(string node, string core, string name, params string[] headers)
    {
        long now = (_rig.Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"Event-Name: {name}\nCore-UUID: {core}\nFreeSWITCH-Switchname: {node}\nFreeSWITCH-IPv4: 10.0.0.1\nEvent-Date-Timestamp: {now}\nEvent-Sequence: {++_sequence}\n");
        byte[] datagram = new byte[MulticastDatagram.MaxLength];
        byte[] bytes = Encoding.ASCII.GetBytes($"{text}{string.Concat(headers.Select(header => header + "\n"))}\n");
        Assert.True(new MulticastDatagramWriter(node, null).TryWrite(bytes, Guid.NewGuid(), datagram, out int length));
        return datagram[..length];
    }
}
