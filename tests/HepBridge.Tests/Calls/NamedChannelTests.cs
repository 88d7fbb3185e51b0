using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>CUSTOM events of stock modules, with and without Unique-ID, as their sources write them.</summary>
public sealed class NamedChannelTests
{
    private readonly PipelineRig _rig = new(new ReportOptions { CustomEvents = true, CallEvents = false });

    [Fact]
    public void Every_step_of_a_queued_call_has_the_callers_call_id()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Captures", "cases", "callcenter.bin");
        _rig.Feed(File.ReadAllBytes(file));

        Assert.Equal(
            ["member-queue-start;", "agent-offering;", "bridge-agent-fail;", "agent-max-no-answer;", "member-queue-end;"],
            _rig.Packets.Select(packet => packet.Payload.Split(' ')[1]));
        Assert.All(_rig.Packets, packet => Assert.Equal("member@x", packet.CallId));
        Assert.All(_rig.Packets, packet => Assert.Contains(" uuid=00000d01-0000-4000-8000-000000000d01 ", packet.Payload, StringComparison.Ordinal));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    public static TheoryData<string, string> Channels()
    {
        TheoryData<string, string> channels = [];
        foreach (string subclass in ReportOptions.DefaultCustomSubclasses)
        {
            channels.Add(subclass, "Unique-ID");
        }

        channels.Add("callcenter::info", "CC-Member-Session-UUID");
        channels.Add("fifo::info", "caller-uuid");
        channels.Add("vm::maintenance", "VM-UUID");
        foreach (string subclass in ReportOptions.DefaultCustomSubclasses.Where(name => name.StartsWith("spandsp::", StringComparison.Ordinal)))
        {
            channels.Add(subclass, "uuid");
        }

        return channels;
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void A_default_subclass_has_the_call_id_of_the_channel_it_refers_to(string subclass, string header)
    {
        _rig.Inbound("a", "a@x").Feed("CUSTOM", ("Event-Subclass", subclass), (header, "a"));

        CollectedPacket packet = Assert.Single(_rig.Packets);
        Assert.Equal("a@x", packet.CallId);
        Assert.StartsWith(subclass, packet.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_own_channel_wins_over_the_one_it_refers_to()
    {
        _rig.Inbound("a", "a@x").Inbound("b", "b@x")
            .Feed("CUSTOM", ("Event-Subclass", "callcenter::info"), ("CC-Action", "bridge-agent-start"), ("Unique-ID", "b"), ("CC-Member-Session-UUID", "a"));

        Assert.Equal("b@x", Assert.Single(_rig.Packets).CallId);
    }

    [Theory]
    [InlineData("callcenter::info", "CC-Member-Session-UUID", "unknown")]
    [InlineData("vm::maintenance", "VM-UUID", "a message of last week")]
    [InlineData("callcenter::info", "CC-Agent", "a")]
    [InlineData("conference::maintenance", "Conference-Unique-ID", "a")]
    [InlineData("avmd::beep", "VM-UUID", "a")]
    public void An_event_of_an_unknown_channel_is_counted_and_creates_no_leg(string subclass, string header, string value)
    {
        _rig.Inbound("a", "a@x").Feed("CUSTOM", ("Event-Subclass", subclass), (header, value));

        Assert.Empty(_rig.Packets);
        Assert.Equal((1, 1), (_rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NoLeg), _rig.Pipeline.Counters.LegsSeen));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void A_step_is_held_for_the_call_id_of_the_channel_it_refers_to()
    {
        _rig.Outbound("b").Feed("CUSTOM", ("Event-Subclass", "callcenter::info"), ("CC-Action", "agent-offering"), ("CC-Member-Session-UUID", "b"));
        Assert.Empty(_rig.Packets);
        _rig.Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));

        Assert.StartsWith("callcenter::info agent-offering;", Assert.Single(_rig.Packets).Payload, StringComparison.Ordinal);
        Assert.Equal("b@x", _rig.Packets[0].CallId);
    }

    [Fact]
    public void Its_own_headers_do_not_change_the_channel()
    {
        _rig.Inbound("a", "a@x")
            .Feed("CUSTOM", ("Event-Subclass", "callcenter::info"), ("CC-Member-Session-UUID", "a"), ("variable_sip_call_id", "agent@x"))
            .Feed("CUSTOM", ("Event-Subclass", "callcenter::info"), ("CC-Member-Session-UUID", "a"));

        Assert.All(_rig.Packets, packet => Assert.Equal("a@x", packet.CallId));
    }
}
