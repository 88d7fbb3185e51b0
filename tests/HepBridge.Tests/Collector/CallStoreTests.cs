using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Hep;

namespace HepBridge.Tests.Collector;

public sealed class CallStoreTests
{
    [Fact]
    public void A_call_can_be_built_from_sip_alone()
    {
        CallRow call = ViewerPackets.Only(ViewerPackets.Store(
            ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0"),
            ViewerPackets.Sip("SIP/2.0 180 Ringing", second: ViewerPackets.Start + 1),
            ViewerPackets.Sip("SIP/2.0 200 OK", second: ViewerPackets.Start + 2),
            ViewerPackets.Sip("BYE sip:1001@h SIP/2.0", second: ViewerPackets.Start + 12, cseq: "2 BYE"),
            ViewerPackets.Sip("SIP/2.0 200 OK", second: ViewerPackets.Start + 12, cseq: "2 BYE")));
        Assert.Equal(("call", "1000", "1001", "ended", 10_000_000L), (call.Kind, call.From, call.To, call.State, call.Duration));
        Assert.Equal(("a@h", "192.0.2.1", "192.0.2.2", 5), (call.Legs[0].CallId, call.Source, call.Destination, call.Packets));
    }

    [Fact]
    public void Events_and_sip_share_a_call_id_and_the_switch_names_the_parties()
    {
        CallRow call = ViewerPackets.Only(ViewerPackets.Store(
            ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0"),
            ViewerPackets.Event("CREATE 0491 → 0492; callid=a@h uuid=u1 seq=1 time=x"),
            ViewerPackets.Event("HANGUP_COMPLETE 0491 → 0492; USER_BUSY; callid=a@h uuid=u1 seq=2 time=x", second: ViewerPackets.Start + 3)));
        Assert.Equal(("0491", "0492", "failed", "USER_BUSY"), (call.From, call.To, call.State, call.Cause));
        Assert.Equal(["u1"], call.Legs[0].Uuids);
        Assert.Null(call.Duration);
    }

    [Theory]
    [InlineData("486 Busy Here", "failed", "486 Busy Here")]
    [InlineData("487 Request Terminated", "cancelled", "")]
    [InlineData("407 Proxy Authentication Required", "calling", "")]
    [InlineData("200 OK", "answered", "")]
    public void A_final_response_determines_the_state(string answer, string state, string cause)
    {
        CallRow call = ViewerPackets.Only(ViewerPackets.Store(ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0"), ViewerPackets.Sip("SIP/2.0 " + answer)));
        Assert.Equal((state, cause), (call.State, call.Cause));
    }

    [Theory]
    [InlineData("REGISTER 1000@h on fs-alpha; contact=sip:1000@h", "answered")]
    [InlineData("REGISTER_FAILURE 1000@h on fs-alpha", "failed")]
    public void A_registration_report_is_not_listed_among_the_calls(string text, string state)
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Event(text));
        CallRow row = Assert.Single(ViewerPackets.Find(store, kind: "registrations").Calls);
        Assert.Equal(("1000@h", state), (row.From, row.State));
        Assert.Equal(0, ViewerPackets.Find(store, kind: "calls").Matching);
    }

    [Fact]
    public void Quality_comes_from_the_final_report_and_the_worst_direction()
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Make(HepPayloadType.Rtcp, """{"type":200,"report_blocks":[{"source_ssrc":1,"fraction_lost":64}]}"""),
            ViewerPackets.Make(HepPayloadType.Rtcp, """{"type":200,"report_blocks":[{"source_ssrc":1,"fraction_lost":0}]}"""),
            ViewerPackets.Make(HepPayloadType.Rtcp, """{"type":200,"report_blocks":[{"source_ssrc":2,"fraction_lost":2}]}""", source: "192.0.2.2", destination: "192.0.2.1"),
            ViewerPackets.Make(HepPayloadType.MosShort, """{"MOS":3.1,"TOTAL_PK":95,"PACKET_LOSS":5}"""));
        CallRow call = ViewerPackets.Only(store);
        Assert.Equal((3.1, 12.5, "bad"), (call.Mos, call.Loss, call.Level));
        Assert.Equal(["a@h"], ViewerPackets.Find(store, show: "bad").Calls.Select(c => c.Legs[0].CallId));
    }

    [Fact]
    public void A_real_session_shows_its_bad_leg()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        CallRow worst = ViewerPackets.Find(store, kind: "calls", sort: "mos").Calls[0];
        Assert.Equal(("1000", "1005", "bad", "ended"), (worst.From, worst.To, worst.Level, worst.State));
        CallDetail detail = ViewerPackets.View(store).Detail(worst.Id)!;
        Assert.Equal(["bad", "good"], detail.Call.Legs.Select(l => l.Level));
        StreamRow bad = Assert.Single(detail.Streams, s => s.Level == "bad");
        Assert.Equal(("10.99.0.11", "10.99.0.1", 1.83), (bad.From, bad.To, bad.Mos));
        Assert.Contains(detail.Streams, s => s.MeanRoundTrip is > 0 and < 100);
        Assert.Equal(detail.Packets.Select(p => p.Time).Order(), detail.Packets.Select(p => p.Time));
    }

    [Fact]
    public void The_search_finds_number_call_id_uuid_and_address()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        foreach (string text in (string[])["5000", "F9146FC4B368", "68b2144a-7cdd", "fd99::2"])
        {
            Assert.InRange(ViewerPackets.Find(store, text).Matching, 1, 3);
        }

        Assert.Equal(0, ViewerPackets.Find(store, "no such thing").Matching);
    }

    [Fact]
    public void Pages_of_the_list_contain_every_call_once()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        int all = ViewerPackets.Find(store).Matching;
        List<long> ids = [.. Enumerable.Range(0, (all + 6) / 7).SelectMany(page => ViewerPackets.Find(store, offset: page * 7, size: 7).Calls.Select(c => c.Id))];
        Assert.Equal(all, ids.Distinct().Count());
        Assert.Equal(all, ids.Count);
    }

    [Theory]
    [InlineData(0, 40_000, 30_000)]
    [InlineData(5, 0, 1_000_000)]
    public void Times_come_from_sip_unless_its_capture_started_late(int second, int microsecond, long answer)
    {
        // Switches time their events in steps of 20 ms: this answer comes 1 s after the start.
        uint answered = ViewerPackets.Start + 1;
        CallRow call = ViewerPackets.Only(ViewerPackets.Store([
            .. second == 0 ? (byte[][])[ViewerPackets.Make(HepPayloadType.Sip, "INVITE sip:1@h SIP/2.0\r\nCall-ID: a@h\r\nCSeq: 1 INVITE\r\n\r\n", microsecond: 10_000)] : [],
            ViewerPackets.Event("CREATE 1 → 2; inbound; callid=a@h uuid=u seq=1 time=x"), ViewerPackets.Event("ANSWER 1 → 2; PCMU; callid=a@h uuid=u seq=2 time=x", second: answered),
            ViewerPackets.Make(HepPayloadType.Sip, "SIP/2.0 200 OK\r\nCall-ID: a@h\r\nCSeq: 1 INVITE\r\n\r\n", second: ViewerPackets.Start + (uint)second, microsecond: (uint)microsecond)]));
        Assert.Equal(answer, call.Answer);
    }

    [Theory]
    [InlineData("inbound", "192.0.2.1", "192.0.2.2")]
    [InlineData("outbound", "192.0.2.2", "192.0.2.1")]
    public void Without_sip_the_direction_of_a_leg_orders_its_hosts(string direction, string source, string destination)
    {
        CallRow call = ViewerPackets.Only(ViewerPackets.Store(
            ViewerPackets.Event($"CREATE 1 → 2; {direction}; callid=a@h uuid=u seq=1 time=x"), ViewerPackets.Make(HepPayloadType.Rtcp, "{}"),
            ViewerPackets.Make(HepPayloadType.Rtcp, "{}", source: "192.0.2.2", destination: "192.0.2.1")));
        Assert.Equal((source, destination), (call.Legs[0].Source, call.Legs[0].Destination));
    }

    [Fact]
    public void With_an_anchor_the_list_keeps_its_position_while_calls_arrive_above()
    {
        CallStore store = new();
        for (uint i = 0; i < 100; i++)
        {
            store.Add(ViewerPackets.Event($"CREATE {i} → 1; inbound; callid={i}@h uuid=u{i} seq=1 time=x", $"{i}@h", ViewerPackets.Start + i));
        }

        CallPage before = ViewerPackets.Find(store, offset: 40, size: 10);
        store.Add(ViewerPackets.Event("CREATE new → 1; inbound; callid=n@h uuid=n seq=1 time=x", "n@h", ViewerPackets.Start + 200));
        CallPage after = ViewerPackets.Find(store, offset: 0, size: 10, anchor: before.Calls[0].Id);
        Assert.Equal((40, 41, 41), (before.Offset, after.Offset, after.Anchor));
        Assert.Equal(before.Calls.Select(c => c.Id), after.Calls.Select(c => c.Id));
        Assert.Equal(38, ViewerPackets.Find(store, offset: -3, size: 10, anchor: before.Calls[0].Id).Offset);
        Assert.Null(ViewerPackets.Find(store, text: "new", anchor: before.Calls[0].Id).Anchor);
    }

    [Theory]
    [InlineData("failed", 5)]
    [InlineData("bad", 2)]
    [InlineData("answered", 12)]
    [InlineData("live", 0)]
    [InlineData("long", 0)]
    [InlineData("", 18)]
    public void The_filters_of_a_real_session(string show, int calls) =>
        Assert.Equal(calls, ViewerPackets.Find(ViewerPackets.Store(ViewerPackets.Session()), kind: "calls", show: show).Matching);

    [Fact]
    public void Invalid_packets_and_packets_without_a_call_id_are_counted()
    {
        CallStore store = new();
        Assert.False(store.Add("HEP3"u8));
        Assert.False(store.Add("GET / HTTP/1.1"u8));
        Assert.False(store.Add(ViewerPackets.Make(HepPayloadType.Log, "text", callId: string.Empty)));
        Assert.False(store.Add(ViewerPackets.Make(HepPayloadType.Log, "text", callId: " \0")));
        Assert.False(store.Add(ViewerPackets.Make(HepPayloadType.Sip, "no sip", callId: string.Empty)));
        Assert.True(store.Add(ViewerPackets.Event("text")));
        StoreStatus status = store.Status();
        Assert.Equal((6, 1, 3, 2), (status.Received, status.Kept, status.WithoutCallId, status.Rejected.Values.Sum()));
    }
}
