using HepBridge.Calls;
using HepBridge.Hep;

namespace HepBridge.Tests.Sip;

/// <summary>Invented calls of the kinds that the recordings lack.</summary>
public sealed class JoinedLegsTests
{
    private readonly SipScript _script = new();

    [Fact]
    public void A_busy_phone_without_any_ringing_is_joined_from_either_side()
    {
        _script.Request("a", "INVITE").Response("a", 100).Request("b", "INVITE");
        Assert.Equal(3, _script.Left.Count());
        _script.Response("b", 486).Request("b", "ACK").Response("a", 486).Request("a", "ACK");
        Assert.Equal(3, _script.Left.Count());
        Assert.Equal(4, _script.Rig.Pipeline.Counters.Held);

        _script.Create("A", "a").Create("B", null, "A");
        Assert.Equal(3, _script.Left.Count());
        _script.Hangup("B", "b");
        Assert.Equal(["b 486 X > a", "b ACK sip:x@y > a", "a 486 X > b", "a ACK sip:x@y > b"], _script.Left.Skip(3).Order(new ByLeg()));
        AssertJoined("a", "b");
        _script.Hangup("A", "a");
        Assert.Equal(7, _script.Left.Count());
    }

    [Fact]
    public void A_call_that_is_canceled_before_it_rings_is_joined_from_either_side()
    {
        _script.Request("a", "INVITE").Create("A", "a").Response("a", 100).Request("b", "INVITE").Create("B", null, "A").Response("b", 100).Wait(5);
        _script.Request("a", "CANCEL").Response("a", 200, "CANCEL").Response("a", 487).Request("b", "CANCEL").Response("b", 200, "CANCEL").Request("a", "ACK").Response("b", 487).Request("b", "ACK");
        Assert.Equal(4, _script.Left.Count());
        _script.Hangup("B", "b").Hangup("A", "a");
        Assert.Equal(12, _script.Left.Count());
        AssertJoined("a", "b");
        AssertInOrder();
    }

    [Fact]
    public void Each_leg_of_a_fork_is_named_by_the_first_one()
    {
        _script.Request("a", "INVITE").Create("A", "a");
        foreach (string leg in (string[])["b", "c", "d"])
        {
            _script.Request(leg, "INVITE").Create(leg.ToUpperInvariant(), null, "A").Response(leg, 180).Event("CHANNEL_PROGRESS", leg.ToUpperInvariant(), leg);
        }

        _script.Response("a", 180).Response("c", 200).Request("c", "ACK").Response("a", 200).Request("a", "ACK").Request("b", "CANCEL").Request("d", "CANCEL").Response("b", 487).Response("d", 487);
        Assert.Equal(["b", "c", "d"], _script.Rig.Packets.Where(packet => packet.Payload.Contains("Call-ID: a\r\n", StringComparison.Ordinal) && packet.Type == HepPayloadType.Sip).Skip(1).Select(packet => packet.CallId));
        AssertJoined("a", "b");
        AssertJoined("a", "c");
        AssertJoined("a", "d");
        Assert.Equal(["a", "b"], _script.Homer.Find("b").Order());
    }

    [Fact]
    public void The_first_leg_waits_for_every_leg_of_a_fork_that_may_still_tell_its_Call_ID()
    {
        _script.Request("a", "INVITE").Create("A", "a").Request("b", "INVITE").Request("c", "INVITE").Create("B", null, "A").Create("C", null, "A").Wait(3);
        _script.Response("b", 486).Response("c", 486).Response("a", 486).Request("a", "ACK");
        _script.Hangup("B", "b");
        Assert.DoesNotContain(_script.Left, line => line.StartsWith("a 486", StringComparison.Ordinal));
        _script.Hangup("C", "c");
        AssertJoined("a", "b");
        AssertJoined("a", "c");
    }

    [Fact]
    public void An_attended_transfer_joins_the_legs_that_are_bridged_in_the_end()
    {
        Answered("A", "a", "B", "b");
        Answered("D", "d", "C", "c");
        _script.Request("b", "REFER").Event("CHANNEL_BRIDGE", "A", "a", ("Bridge-A-Unique-ID", "A"), ("Bridge-B-Unique-ID", "C"), ("Other-Type", "originatee"), ("Other-Leg-Unique-ID", "C"));
        _script.Request("b", "BYE").Request("d", "BYE").Hangup("B", "b").Hangup("D", "d").Wait(1).Request("a", "BYE").Response("a", 200, "BYE").Request("c", "BYE").Response("c", 200, "BYE");
        AssertJoined("a", "b");
        AssertJoined("d", "c");
        AssertJoined("a", "c");
        AssertInOrder();
    }

    [Fact]
    public void A_leg_names_one_that_ended_long_ago()
    {
        _script.Request("a", "INVITE").Create("A", "a").Request("b", "INVITE").Create("B", null, "A").Response("b", 603).Hangup("B", "b").Wait(30);
        _script.Rig.Advance(0);
        _script.Request("a", "BYE");
        AssertJoined("a", "b");
    }

    [Fact]
    public void Loopback_channels_between_two_legs_are_looked_through()
    {
        _script.Request("a", "INVITE").Create("A", "a").Create("L1", null, "A", "loopback/1004-a", "L2").Create("L2", null, null, "loopback/1004-b", "L1");
        _script.Request("c", "INVITE").Create("C", null, "L2").Response("c", 180).Event("CHANNEL_PROGRESS", "C", "c").Response("a", 180).Response("c", 200);
        AssertJoined("a", "c");
    }

    [Fact]
    public void Two_legs_with_one_Call_ID_are_no_neighbors()
    {
        // A call that leaves and comes back to the same switch.
        _script.Request("a", "INVITE").Create("A", "a").Request("x", "INVITE").Create("B", null, "A").Event("CHANNEL_PROGRESS", "B", "x").Create("A2", "x").Create("C", null, "A2").Event("CHANNEL_PROGRESS", "C", "c");
        _script.Response("x", 180).Response("x", 200).Response("a", 200).Response("c", 200);
        AssertJoined("a", "x");
        AssertJoined("x", "c");
    }

    [Fact]
    public void What_nothing_tells_passes_at_once_and_unchanged()
    {
        _script.Request("a", "INVITE").Create("A", "a").Create("B", null, "A");
        _script.Request("stranger", "BYE").Response("stranger", 486).Request("r", "REGISTER").Response("r", 401, "REGISTER").Request("o", "OPTIONS").Response("o", 200, "OPTIONS");
        Assert.Equal(7, _script.Left.Count());
        Assert.All(_script.Left, line => Assert.EndsWith("> ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_challenge_and_its_ACK_do_not_wait()
    {
        _script.Request("a", "INVITE").Response("a", 407).Request("a", "ACK").Request("a", "INVITE");
        Assert.Equal(4, _script.Left.Count());
    }

    [Fact]
    public void No_packet_waits_longer_than_half_a_second()
    {
        _script.Request("a", "INVITE").Response("a", 486).Wait(0.35);
        Assert.Single(_script.Left);
        _script.Wait(0.15);
        Assert.Equal(2, _script.Left.Count());
        Assert.Equal(1, _script.Rig.Pipeline.Counters.SipExpired);
        Assert.Equal(0, _script.Rig.Pipeline.Counters.Held);
    }

    [Fact]
    public void The_end_of_a_long_call_without_another_leg_does_not_wait()
    {
        _script.Request("a", "INVITE").Create("A", "a").Response("a", 200).Request("a", "ACK").Wait(3).Request("a", "BYE").Response("a", 200, "BYE");
        Assert.Equal(5, _script.Left.Count());
    }

    [Fact]
    public void A_short_call_without_another_leg_waits_for_its_hangup_only()
    {
        _script.Request("a", "INVITE").Create("A", "a").Response("a", 404).Request("a", "ACK");
        Assert.Single(_script.Left);
        _script.Hangup("A", "a");
        Assert.Equal(["a INVITE sip:x@y > ", "a 404 X > ", "a ACK sip:x@y > "], _script.Left);
    }

    [Fact]
    public void Another_agents_own_correlation_id_stays_and_the_Call_ID_itself_may_be_replaced()
    {
        Answered("A", "a", "B", "b");
        _script.Send("b", "BYE sip:x SIP/2.0", "BYE", "x-cid@other").Send("b", "SIP/2.0 200 OK", "BYE", "b");
        Assert.Equal(["x-cid@other", "a"], _script.Rig.Packets.Where(packet => packet.Type == HepPayloadType.Sip).TakeLast(2).Select(packet => packet.CallId));
    }

    [Fact]
    public void What_waits_when_the_agent_stops_leaves()
    {
        _script.Request("a", "INVITE").Response("a", 486);
        lock (_script.Rig.Pipeline.Gate)
        {
            _script.Rig.Pipeline.DropAllHeld();
        }

        Assert.Equal(2, _script.Left.Count());
        Assert.True(_script.Rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Waiting_is_bounded_in_packets_and_keeps_their_order()
    {
        _script.Request("a", "INVITE");
        for (int i = 0; i < 20; i++)
        {
            _script.Response("a", 486);
        }

        Assert.Equal(8, _script.Rig.Pipeline.Counters.Held);
        for (int i = 0; i < 5_000; i++)
        {
            _script.Request($"x{i}", "INVITE").Response($"x{i}", 486);
        }

        Assert.Equal(4_096, _script.Rig.Pipeline.Counters.Held);
        AssertInOrder();
    }

    [Fact]
    public void A_flood_of_invented_INVITEs_fills_no_memory()
    {
        for (int i = 0; i < 20_000; i++)
        {
            _script.Request($"{new string('x', 900)}{i}", "INVITE");
        }

        _script.Rig.Advance(0.05);
        Assert.InRange(_script.Rig.Pipeline.Counters.Dialogs, 1_000, DialogTable.MaxIdle);
        _script.Rig.Advance(200);
        Assert.Equal(0, _script.Rig.Pipeline.Counters.Dialogs);
    }

    private void Answered(string first, string firstCallId, string second, string secondCallId)
    {
        _script.Request(firstCallId, "INVITE").Create(first, firstCallId).Request(secondCallId, "INVITE").Create(second, null, first).Response(secondCallId, 180).Event("CHANNEL_PROGRESS", second, secondCallId);
        _script.Response(firstCallId, 180).Response(secondCallId, 200).Request(secondCallId, "ACK").Event("CHANNEL_ANSWER", second, secondCallId).Response(firstCallId, 200).Event("CHANNEL_ANSWER", first, firstCallId);
        _script.Event("CHANNEL_BRIDGE", first, firstCallId, ("Bridge-A-Unique-ID", first), ("Bridge-B-Unique-ID", second), ("Other-Type", "originatee"), ("Other-Leg-Unique-ID", second)).Wait(1);
    }

    private void AssertJoined(string one, string other)
    {
        Assert.Contains(other, _script.Homer.Find(one));
        Assert.Contains(one, _script.Homer.Find(other));
    }

    // The packets' seconds count them.
    private void AssertInOrder()
    {
        foreach (IGrouping<string, long> leg in _script.Rig.Packets.Where(packet => packet.Type == HepPayloadType.Sip).GroupBy(packet => packet.Payload.Split("Call-ID: ")[1].Split("\r\n")[0], packet => packet.Microseconds))
        {
            Assert.Equal(leg.Order(), leg);
        }
    }

    private sealed class ByLeg : IComparer<string>
    {
        public int Compare(string? x, string? y) => y![0].CompareTo(x![0]);
    }
}
