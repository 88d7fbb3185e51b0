using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>Events of outbound legs are held until their Call-ID is known.</summary>
public class HoldTests
{
    [Theory]
    [InlineData("CHANNEL_PROGRESS")]
    [InlineData("CHANNEL_PROGRESS_MEDIA")]
    [InlineData("CHANNEL_ANSWER")]
    [InlineData("CHANNEL_HANGUP")]
    [InlineData("CHANNEL_HANGUP_COMPLETE")]
    [InlineData("CHANNEL_DESTROY")]
    public void Events_are_held_for_the_call_id_and_sent_in_order_with_their_own_times(string teacher)
    {
        PipelineRig rig = new();
        long start = rig.Time.GetUtcNow().Ticks / 10;
        rig.Outbound("b").Advance(2).Feed("DTMF", ("Unique-ID", "b"), ("DTMF-Digit", "1")).Advance(3);

        Assert.Empty(rig.Packets);
        Assert.Equal(2, rig.Pipeline.Counters.Held);
        rig.Sip(teacher, "b", ("variable_sip_call_id", "b@x"));

        string[] expected = teacher == "CHANNEL_HANGUP" ? ["CREATE", "DTMF"] : ["CREATE", "DTMF", teacher["CHANNEL_".Length..]];
        Assert.Equal(expected, rig.States("b@x"));
        Assert.Equal(new long[] { 0, 2_000_000, 5_000_000 }[..expected.Length], rig.Packets.Select(packet => packet.Microseconds + 62_135_596_800_000_000 - start));
        Assert.Equal(0, rig.Pipeline.Counters.Held);
        Assert.Equal(2, rig.Pipeline.Counters.ReportedAfterHold);
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void The_oldest_event_of_a_full_leg_makes_room()
    {
        PipelineRig rig = new(calls: new CallOptions { HoldPerLeg = 3 });
        rig.Outbound("b");
        foreach (string digit in (string[])["1", "2", "3", "4"])
        {
            rig.Feed("DTMF", ("Unique-ID", "b"), ("DTMF-Digit", digit));
        }

        rig.Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));

        Assert.Equal(["DTMF", "DTMF", "DTMF", "ANSWER"], rig.States("b@x"));
        Assert.Equal("2", rig.Packets[0].Field("digit"));
        Assert.Equal(2, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldLegFull));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void The_oldest_event_overall_makes_room_when_the_hold_is_full()
    {
        PipelineRig rig = new(calls: new CallOptions { HoldTotal = 2 });
        rig.Outbound("a").Outbound("b").Outbound("c");
        foreach (string leg in (string[])["a", "b", "c"])
        {
            rig.Sip("CHANNEL_ANSWER", leg, ("variable_sip_call_id", leg + "@x"));
        }

        Assert.Equal(["ANSWER"], rig.States("a@x"));
        Assert.Equal(["CREATE", "ANSWER"], rig.States("b@x"));
        Assert.Equal(["CREATE", "ANSWER"], rig.States("c@x"));
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldFull));
    }

    [Fact]
    public void An_event_is_held_no_longer_than_hold_time()
    {
        PipelineRig rig = new();
        rig.Outbound("b").Received("older", 5, 1).Advance(119);
        Assert.Equal(2, rig.Pipeline.Counters.Held);
        rig.Advance(1);

        Assert.Equal(0, rig.Pipeline.Counters.Held);
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldExpired));
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.OlderThanAgent));
        rig.Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));
        Assert.Equal(["ANSWER"], rig.States("b@x"));
    }

    [Fact]
    public void A_leg_that_ends_without_a_call_id_is_counted()
    {
        PipelineRig rig = new();
        rig.Outbound("b").Sip("CHANNEL_HANGUP_COMPLETE", "b").Sip("CHANNEL_DESTROY", "b");

        Assert.Empty(rig.Packets);
        Assert.Equal(3, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NeverCame));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Events_still_held_at_shutdown_are_counted()
    {
        PipelineRig rig = new();
        rig.Outbound("b");
        rig.Pipeline.DropAllHeld();

        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.Shutdown));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Rtcp_keeps_all_its_blocks_while_held()
    {
        PipelineRig rig = new();
        rig.Received("b", 5, 1, [.. CallScript.Block(0, 11), .. CallScript.Block(1, 12, lost: 7), .. CallScript.Block(2, 13, lost: 9)])
            .Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));

        System.Text.Json.JsonElement report = rig.Packets[0].Json();
        Assert.Equal(3, report.GetProperty("report_count").GetInt32());
        Assert.Equal([0, 7, 9], report.GetProperty("report_blocks").EnumerateArray().Select(block => block.GetProperty("packets_lost").GetInt32()));
    }
}
