using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>A host on the network forges legs and switches: the tables stay within their limits, and real calls keep their entries.</summary>
public class FloodTests
{
    private readonly PipelineRig _rig = Untrusted(new CallOptions());

    [Fact]
    public void Forged_legs_of_one_event_each_displace_no_call()
    {
        PipelineRig rig = Untrusted(new CallOptions { MaxLegs = 4_000 });
        rig.Talking("a", "a@x");
        for (int i = 0; i < 10_000; i++)
        {
            rig.Inbound($"made-up-{i}", "made@up");
        }

        int before = rig.Packets.Count;
        rig.Received("a", 5, 1).Advance(0);

        Assert.Equal("a@x", rig.Packets[before].CallId);
        Assert.InRange(rig.Pipeline.Counters.Legs, 1_000, 1_025);
        Assert.Equal(10_001, rig.Pipeline.Counters.Legs + rig.Pipeline.Counters.LegsEvicted);
    }

    [Fact]
    public void Forged_legs_that_only_end_are_bounded_too()
    {
        PipelineRig rig = Untrusted(new CallOptions { MaxLegs = 4_000 });
        for (int i = 0; i < 10_000; i++)
        {
            rig.Sip("CHANNEL_DESTROY", $"made-up-{i}");
        }

        rig.Advance(0);
        Assert.InRange(rig.Pipeline.Counters.Legs, 1_000, 1_025);
    }

    [Fact]
    public void Forged_legs_do_not_push_out_a_calls_held_events()
    {
        PipelineRig rig = Untrusted(new CallOptions { HoldTotal = 100 });
        rig.Outbound("b").Feed("DTMF", ("Unique-ID", "b"), ("DTMF-Digit", "1"));
        for (int i = 0; i < 1_000; i++)
        {
            rig.Outbound($"made-up-{i}");
        }

        rig.Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"));

        Assert.Equal(["CREATE", "DTMF", "ANSWER"], rig.States("b@x"));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Forged_switches_displace_no_real_one()
    {
        _rig.Talking("a", "a@x").Talking("b", "b@x").Talking("c", "c@x").Talking("d", "d@x");
        for (int i = 0; i < SwitchTable.Capacity * 2; i++)
        {
            _rig.Inbound("a", "made@up", ("Core-UUID", $"made-up-{i}"));
        }

        int before = _rig.Packets.Count;
        _rig.Received("a", 5, 1).Advance(0);

        Assert.Equal("a@x", _rig.Packets[before].CallId);
        Assert.Equal(SwitchTable.MaxUnconfirmed + 1, _rig.Pipeline.Switches.Count);
        Assert.Equal((SwitchTable.Capacity * 2) - SwitchTable.MaxUnconfirmed, _rig.Pipeline.Counters.SwitchesEvicted);
    }

    [Fact]
    public void Made_up_switches_of_many_events_each_take_no_real_ones_place()
    {
        _rig.Talking("a", "a@x").Talking("b", "b@x").Talking("c", "c@x").Talking("d", "d@x");
        for (int i = 0; i < SwitchTable.Capacity * 2; i++)
        {
            for (int e = 0; e < 10; e++)
            {
                _rig.Feed("HEARTBEAT", ("Core-UUID", $"made-up-{i}"));
            }
        }

        int before = _rig.Packets.Count;
        _rig.Received("a", 5, 1).Advance(0);
        Assert.Equal("a@x", _rig.Packets[before].CallId);
        Assert.Equal(SwitchTable.Capacity, _rig.Pipeline.Switches.Count);
    }

    [Fact]
    public void Switches_gone_for_long_make_room_before_new_ones()
    {
        for (int i = 0; i < SwitchTable.Capacity + 10; i++)
        {
            for (int e = 0; e < 10; e++)
            {
                _rig.Feed("HEARTBEAT", ("Core-UUID", $"core-{i}"));
            }

            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            _rig.Advance(0);
        }

        Assert.DoesNotContain(_rig.Pipeline.Switches, found => found.CoreUuid.AsSpan().SequenceEqual("core-0"u8));
        Assert.Contains(_rig.Pipeline.Switches, found => found.CoreUuid.AsSpan().SequenceEqual("core-4100"u8));
    }

    [Fact]
    public void Long_ids_of_made_up_legs_are_bounded_in_bytes()
    {
        string callId = new('c', 1_000);
        for (int i = 0; i < 20_000; i++)
        {
            _rig.Inbound($"made-up-{i}", callId);
        }

        _rig.Advance(0);
        Assert.InRange(_rig.Pipeline.Counters.Legs, 3_000, (4 << 20) / 1_000);
    }

    [Fact]
    public void An_evicted_switchs_legs_are_removed_too()
    {
        for (int i = 0; i < SwitchTable.MaxUnconfirmed + 10; i++)
        {
            _rig.Outbound("a", ("Core-UUID", $"made-up-{i}"));
        }

        _rig.Advance(0);
        Assert.Equal(SwitchTable.MaxUnconfirmed, _rig.Pipeline.Counters.Legs);
        Assert.Equal(10, _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.LegForgotten));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Long_call_ids_are_bounded_in_bytes()
    {
        LegTable legs = new(1_000_000);
        Switch owner = new("core"u8.ToArray(), 0);
        byte[] callId = new byte[EventLimits.MaxCallId];
        for (int i = 0; i < 40_000; i++)
        {
            while (legs.IsFull && legs.Oldest is { } oldest)
            {
                legs.Remove(oldest);
            }

            Leg leg = legs.Add(owner, BitConverter.GetBytes(i), 0);
            leg.CallId.Set(callId);
            legs.Account(leg);
        }

        Assert.InRange(legs.Bytes, LegTable.MaxBytes / 2, LegTable.MaxBytes + 2_048);
        Assert.InRange(legs.Count, 30_000, 33_000);
        while (legs.Oldest is { } left)
        {
            legs.Remove(left);
        }

        Assert.Equal(0, legs.Bytes);
        Assert.Null(owner.FirstLeg);
    }

    [Fact]
    public void Held_events_are_bounded_in_bytes()
    {
        string name = new('x', 60_000);
        for (int i = 0; i < 2_000; i++)
        {
            _rig.Outbound($"made-up-{i}", ("Caller-Caller-ID-Name", name));
        }

        Assert.InRange(_rig.Pipeline.Counters.Held, 100, LegHold<int>.MaxUntrustedBytes / 60_000);
        Assert.Equal(2_000, _rig.Pipeline.Counters.Held + _rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldFull));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    private static PipelineRig Untrusted(CallOptions calls)
    {
        PipelineRig rig = new(calls: calls);
        rig.Input = new InputBinding("multicast", rig.Input.Plan) { IsTrusted = false };
        return rig;
    }
}
