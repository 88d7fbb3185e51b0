using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>How long a leg is known, and what an agent learns that starts mid-call.</summary>
public class LegLifeTests
{
    [Fact]
    public void Late_rtcp_still_finds_its_ended_leg()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sip("CHANNEL_DESTROY", "a").Advance(9).Received("a", 5, 1);

        Assert.Equal(HepPayloadType.Rtcp, rig.Packets[^1].Type);
        Assert.Equal("a@x", rig.Packets[^1].CallId);
    }

    [Fact]
    public void Late_events_do_not_extend_an_ended_legs_linger_time()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sip("CHANNEL_DESTROY", "a").Talking("b", "b@x").Sip("CHANNEL_DESTROY", "b")
            .Advance(8).Received("a", 5, 1).Advance(2.5);

        Assert.Equal(0, rig.Pipeline.Counters.Legs);
        int packets = rig.Packets.Count;
        rig.Received("a", 5, 2).Advance(120);
        Assert.Equal(packets, rig.Packets.Count);
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.OlderThanAgent));
    }

    [Fact]
    public void The_leg_that_was_silent_longest_makes_room()
    {
        PipelineRig rig = new(calls: new CallOptions { MaxLegs = 2 });
        rig.Inbound("a", "a@x").Inbound("b", "b@x").Feed("DTMF", ("Unique-ID", "a"), ("DTMF-Digit", "1")).Inbound("c", "c@x").Advance(0);

        Assert.Equal(2, rig.Pipeline.Counters.Legs);
        Assert.Equal(1, rig.Pipeline.Counters.LegsEvicted);
        rig.Feed("DTMF", ("Unique-ID", "a"), ("DTMF-Digit", "1"));
        Assert.Equal(["CREATE", "DTMF", "DTMF"], rig.States("a@x"));
    }

    [Fact]
    public void Ended_legs_make_room_before_live_ones()
    {
        PipelineRig rig = new(calls: new CallOptions { MaxLegs = 2 });
        rig.Inbound("a", "a@x").Inbound("b", "b@x").Sip("CHANNEL_DESTROY", "b").Inbound("c", "c@x").Feed("DTMF", ("Unique-ID", "a"), ("DTMF-Digit", "1"));

        Assert.Equal(["CREATE", "DTMF"], rig.States("a@x"));
    }

    [Fact]
    public void Held_events_of_a_forgotten_leg_are_counted()
    {
        PipelineRig rig = new(calls: new CallOptions { MaxLegs = 1 });
        rig.Outbound("b").Inbound("a", "a@x");

        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.LegForgotten));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void A_silent_leg_times_out()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Inbound("b", "b@x").Advance(86_000);
        rig.Feed("DTMF", ("Unique-ID", "b"), ("DTMF-Digit", "1")).Advance(500);

        Assert.Equal(1, rig.Pipeline.Counters.Legs);
    }

    [Fact]
    public void A_reused_uuid_is_another_leg()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "one@x").Sip("CHANNEL_DESTROY", "a").Outbound("a").Advance(20)
            .Sip("CHANNEL_ANSWER", "a", ("variable_sip_call_id", "two@x"));

        Assert.Equal(["CREATE", "ANSWER", "DESTROY"], rig.States("one@x"));
        Assert.Equal(["CREATE", "ANSWER"], rig.States("two@x"));
    }

    [Fact]
    public void A_destroy_without_a_create_is_reported() =>
        Assert.Equal(["DESTROY"], new PipelineRig().Sip("CHANNEL_DESTROY", "a", ("variable_sip_call_id", "a@x")).States("a@x"));

    [Fact]
    public void A_bridge_before_the_answer_is_reported() =>
        Assert.Equal(
            ["CREATE", "BRIDGE", "ANSWER"],
            new PipelineRig().Inbound("a", "a@x").Sip("CHANNEL_BRIDGE", "a").Sip("CHANNEL_ANSWER", "a").States("a@x"));

    [Fact]
    public void A_state_after_the_end_creates_no_leg()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Sip("CHANNEL_DESTROY", "a").Advance(11).Sip("CHANNEL_STATE", "a").Advance(1);

        Assert.Equal(0, rig.Pipeline.Counters.Legs);
    }

    [Fact]
    public void A_dump_describes_a_leg_older_than_the_agent()
    {
        PipelineRig rig = new PipelineRig().Received("a", 5, 1).Sip("CHANNEL_DATA", "a", ("variable_sip_call_id", "a@x"),
            ("variable_local_media_ip", "10.0.0.1"), ("variable_local_media_port", "4000"), ("variable_remote_media_ip", "10.0.0.2"), ("variable_remote_media_port", "5000"));

        CollectedPacket report = Assert.Single(rig.Packets);
        Assert.Equal(("a@x", "10.0.0.2", 5001, "10.0.0.1", 4001), (report.CallId, report.Source, report.SourcePort, report.Destination, report.DestinationPort));
        Assert.Equal(1, rig.Pipeline.Counters.ObservedOnly);
    }

    [Fact]
    public void Details_are_requested_only_for_channels_known_from_rtcp_alone()
    {
        PipelineRig rig = new();
        Assert.True(Process(rig, "Event-Name: RECV_RTCP_MESSAGE\nUnique-ID: a\nCore-UUID: 1\n\n"u8));
        Assert.False(Process(rig, "Event-Name: CHANNEL_CREATE\nUnique-ID: b\nCore-UUID: 1\nChannel-Name: sofia/x\n\n"u8));
        Assert.False(Process(rig, "Event-Name: CHANNEL_DATA\nUnique-ID: a\nCore-UUID: 1\nChannel-Name: sofia/x\nvariable_sip_call_id: a\n\n"u8));
        Assert.False(Process(rig, "Event-Name: RECV_RTCP_MESSAGE\nUnique-ID: a\nCore-UUID: 1\n\n"u8));
    }

    [Fact]
    public void A_dump_never_overwrites_newer_facts()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "new@x").Sip("CHANNEL_DATA", "a", ("variable_sip_call_id", "old@x"),
            ("variable_remote_media_ip", "10.9.9.9"), ("variable_remote_media_port", "9999"), ("variable_rtp_use_ssrc", "99")).Sent("a", 5, 1);

        Assert.Equal(("new@x", "10.0.0.2", 5001), (rig.Packets[^1].CallId, rig.Packets[^1].Destination, rig.Packets[^1].DestinationPort));
        Assert.Equal(11, rig.Packets[^1].Json().GetProperty("ssrc").GetInt32());
    }

    [Fact]
    public void A_dump_never_revives_an_ended_leg()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Sip("CHANNEL_DESTROY", "a").Advance(5)
            .Sip("CHANNEL_DATA", "a", ("variable_sip_call_id", "a@x")).Advance(6);

        Assert.Equal(0, rig.Pipeline.Counters.Legs);
    }

    [Fact]
    public void A_conference_members_events_have_its_own_call_id()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x")
            .Feed("CUSTOM", ("Event-Subclass", "conference::maintenance"), ("Unique-ID", "a"), ("Action", "add-member"), ("Conference-Name", "room 1"))
            .Feed("CUSTOM", ("Event-Subclass", "conference::maintenance"), ("Action", "conference-destroy"), ("Conference-Name", "room 1"));

        Assert.Equal(["CREATE", "conference::maintenance"], rig.States("a@x"));
        Assert.Contains("Conference-Name=room 1", rig.Packets[1].Payload, StringComparison.Ordinal);
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NoLeg));
    }

    private static bool Process(PipelineRig rig, ReadOnlySpan<byte> bytes)
    {
        Assert.True(new EventParser().TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out _));
        lock (rig.Pipeline.Gate)
        {
            bool asks = rig.Pipeline.Process(e, rig.Input);
            rig.Pipeline.EndBatch();
            return asks;
        }
    }
}
