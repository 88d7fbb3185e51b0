using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>Which Call-ID a leg's packets carry.</summary>
public class CorrelationTests
{
    private static readonly CallOptions _aLeg = new() { Correlation = Correlation.ALeg };

    [Fact]
    public void The_invites_call_id_is_used_until_the_final_one_is_known()
    {
        PipelineRig rig = new();
        rig.Outbound("b", ("variable_sip_invite_call_id", "first@x"))
            .Sip("CHANNEL_PROGRESS", "b", ("variable_sip_call_id", "final@x"))
            .Sip("CHANNEL_ANSWER", "b", ("variable_sip_invite_call_id", "other@x"));

        Assert.Equal(["CREATE"], rig.States("first@x"));
        Assert.Equal(["PROGRESS", "ANSWER"], rig.States("final@x"));
    }

    [Fact]
    public void An_inbound_leg_never_uses_an_invites_call_id()
    {
        PipelineRig rig = new();
        rig.Sip("CHANNEL_CREATE", "a", ("Call-Direction", "inbound"), ("variable_sip_invite_call_id", "wrong@x"));

        Assert.Empty(rig.Packets);
    }

    [Fact]
    public void Both_sends_each_report_of_a_following_leg_under_its_own_and_its_origins_Call_ID()
    {
        PipelineRig rig = new(calls: new CallOptions { Correlation = Correlation.Both });
        rig.Inbound("a", "a@x").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_PROGRESS", "b", ("variable_sip_call_id", "b@x")).Sip("CHANNEL_ANSWER", "b").Sip("CHANNEL_ANSWER", "a");

        Assert.Equal(["CREATE", "PROGRESS", "ANSWER"], rig.States("b@x"));
        Assert.Equal(["CREATE", "CREATE", "PROGRESS", "ANSWER", "ANSWER"], rig.States("a@x"));
        Assert.All(rig.Packets.Where(packet => packet.Field("uuid") == "b").GroupBy(packet => packet.Payload), same =>
        {
            Assert.Equal(["a@x", "b@x"], same.Select(packet => packet.CallId).Order());
            Assert.Single(same.Select(packet => packet with { CallId = "" }).Distinct());
        });
        Assert.Equal((5, 8), (rig.Pipeline.Counters.Reported, rig.Packets.Count));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Both_waits_for_the_origins_Call_ID_and_does_without_it_in_the_end()
    {
        PipelineRig rig = new(calls: new CallOptions { Correlation = Correlation.Both });
        rig.Outbound("a").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_PROGRESS", "b", ("variable_sip_call_id", "b@x"));
        Assert.Empty(rig.Packets);
        rig.Sip("CHANNEL_PROGRESS", "a", ("variable_sip_call_id", "a@x")).Advance(1);
        Assert.Equal(["CREATE", "PROGRESS"], rig.States("b@x"));
        Assert.Equal(["CREATE", "CREATE", "PROGRESS", "PROGRESS"], rig.States("a@x").Order());

        PipelineRig never = new(calls: new CallOptions { Correlation = Correlation.Both });
        never.Outbound("a").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_PROGRESS", "b", ("variable_sip_call_id", "b@x")).Advance(121);
        Assert.Equal(["CREATE", "PROGRESS"], never.States("b@x"));
        Assert.Equal(2, never.Packets.Count);
    }

    [Fact]
    public void A_configured_variable_supplies_the_call_id()
    {
        PipelineRig rig = new(calls: new CallOptions { CallIdVariable = "sip_h_X-CID" });
        rig.Inbound("a", "a@x").Inbound("b", "b@x", ("variable_sip_h_X-CID", "a@x"));

        Assert.Equal(["CREATE", "CREATE"], rig.States("a@x"));
        Assert.Equal("a@x", rig.Packets[1].Field("callid"));
    }

    [Fact]
    public void Channels_without_sip_are_reported_by_uuid_only_if_configured()
    {
        PipelineRig without = new PipelineRig().Loopback("CHANNEL_CREATE", "l");
        PipelineRig with = new PipelineRig(calls: new CallOptions { CorrelateNonSip = true }).Loopback("CHANNEL_CREATE", "l");

        Assert.Empty(without.Packets);
        Assert.Equal(1, without.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NotSip));
        Assert.Equal(["CREATE"], with.States("l"));
    }

    [Fact]
    public void Equal_uuids_on_two_switches_are_kept_apart()
    {
        PipelineRig rig = new();
        rig.Inbound("same", "one@x", ("Core-UUID", "core-1")).Outbound("same", ("Core-UUID", "core-2"))
            .Feed("DTMF", ("Unique-ID", "same"), ("Core-UUID", "core-2"), ("DTMF-Digit", "5"))
            .Sip("CHANNEL_ANSWER", "same", ("Core-UUID", "core-2"), ("variable_sip_call_id", "two@x"));

        Assert.Equal(["CREATE"], rig.States("one@x"));
        Assert.Equal(["CREATE", "DTMF", "ANSWER"], rig.States("two@x"));
    }

    [Theory]
    [InlineData("variable_originator")]
    [InlineData("Other-Leg-Unique-ID")]
    public void With_aleg_a_leg_has_its_originators_call_id(string header)
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Inbound("a", "a@x").Outbound("b", (header, "a"), ("Other-Type", "originator"))
            .Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));

        Assert.Equal(["CREATE", "CREATE", "ANSWER"], rig.States("a@x"));
    }

    [Fact]
    public void With_aleg_a_bridge_or_transfer_does_not_change_the_origin()
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Inbound("a", "a@x").Inbound("c", "c@x")
            .Outbound("b", ("variable_originator", "a"))
            .Sip("CHANNEL_BRIDGE", "a", ("Other-Type", "originatee"), ("Other-Leg-Unique-ID", "b"), ("variable_sip_call_id", "a@x"))
            .Sip("CHANNEL_BRIDGE", "b", ("Other-Type", "originator"), ("Other-Leg-Unique-ID", "c"), ("variable_originator", "c"), ("variable_sip_call_id", "b@x"))
            .Sip("CHANNEL_HANGUP_COMPLETE", "b", ("Other-Leg-Unique-ID", "c"), ("Other-Type", "originator"));

        Assert.Equal(["CREATE", "CREATE", "BRIDGE", "BRIDGE", "HANGUP_COMPLETE"], rig.States("a@x"));
        Assert.Equal(["CREATE"], rig.States("c@x"));
    }

    [Fact]
    public void With_aleg_a_leg_keeps_an_origin_that_ends_first()
    {
        // No call events: the first report of the leg is made long after its origin was forgotten.
        PipelineRig rig = new(new ReportOptions { CallEvents = false }, _aLeg);
        rig.Inbound("a", "a@x").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"))
            .Sip("CHANNEL_DESTROY", "a").Advance(60)
            .Sip("CHANNEL_HANGUP_COMPLETE", "b", ("variable_rtp_audio_in_packet_count", "9"));

        CollectedPacket report = Assert.Single(rig.Packets);
        Assert.Equal("a@x", report.CallId);
        Assert.Equal("b@x", report.Json().GetProperty("RTP_SIP_CALL_ID").GetString());
    }

    [Fact]
    public void With_aleg_the_origin_is_found_through_loopback_channels()
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Inbound("a", "a@x")
            .Loopback("CHANNEL_CREATE", "la", ("variable_originator", "a"), ("variable_other_loopback_leg_uuid", "lb"))
            .Loopback("CHANNEL_CREATE", "lb", ("variable_other_loopback_leg_uuid", "la"))
            .Outbound("c", ("variable_originator", "lb"));

        Assert.Equal(["CREATE", "CREATE", "CREATE", "CREATE"], rig.States("a@x"));
    }

    [Fact]
    public void With_aleg_a_cycle_of_originators_terminates()
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Inbound("a", "a@x", ("variable_originator", "c")).Inbound("b", "b@x", ("variable_originator", "a")).Inbound("c", "c@x", ("variable_originator", "b"))
            .Sip("CHANNEL_ANSWER", "a").Sip("CHANNEL_ANSWER", "b").Sip("CHANNEL_ANSWER", "c");

        Assert.Equal(6, rig.Packets.Count);
    }

    [Fact]
    public void With_aleg_a_leg_whose_origin_never_gets_a_call_id_uses_its_own()
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Outbound("a").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));
        Assert.Empty(rig.Packets);

        rig.Advance(120);
        Assert.Equal(["CREATE", "ANSWER"], rig.States("b@x"));
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldExpired));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void With_aleg_a_held_legs_events_are_sent_in_order_when_it_ends()
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Outbound("a").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x")).Sip("CHANNEL_DESTROY", "b");

        Assert.Equal(["CREATE", "ANSWER", "DESTROY"], rig.States("b@x"));
    }

    [Fact]
    public void With_aleg_held_events_are_sent_when_the_origin_gets_its_call_id()
    {
        PipelineRig rig = new(calls: _aLeg);
        rig.Outbound("a").Outbound("b", ("variable_originator", "a")).Sip("CHANNEL_ANSWER", "a", ("variable_sip_call_id", "a@x")).Advance(0.25);

        Assert.Equal(["CREATE", "ANSWER", "CREATE"], rig.States("a@x"));
    }

    [Fact]
    public void Without_an_origin_a_leg_uses_its_own_call_id()
    {
        PipelineRig rig = new PipelineRig(calls: _aLeg).Inbound("a", "a@x").Inbound("b", "b@x", ("variable_originator", "gone"));

        Assert.Equal(["CREATE"], rig.States("b@x"));
    }
}
