using System.Text.Json;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Hep;

namespace HepBridge.Tests.Collector;

/// <summary>Which legs make up one call.</summary>
public sealed class CallJoinTests
{
    private static string Create(string uuid, string callId, string other = "", string from = "1000", string to = "1001") =>
        $"CREATE {from} → {to}; {(other.Length > 0 ? "outbound" : "inbound")}; callid={callId} uuid={uuid} seq=1 time=x{(other.Length > 0 ? " other=" + other : "")}";

    private static string[] CallIds(CallRow call) => [.. call.Legs.Select(l => l.CallId)];

    [Fact]
    public void A_real_session_shows_its_calls_each_with_its_own_legs()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captures", "esl", "expected.json")));
        List<string> wanted = [];
        foreach (JsonElement call in expected.RootElement.GetProperty("calls").EnumerateArray())
        {
            // The caller's leg is first; loopback legs have no Call-ID, so they have no packets.
            wanted.Add(string.Join(' ', call.GetProperty("legs").EnumerateArray().Select(l => l.GetProperty("sip_call_id").GetString()).Where(id => id is not null)));
        }

        CallPage page = ViewerPackets.Find(ViewerPackets.Store(ViewerPackets.Session()), kind: "calls");
        Assert.Equal(wanted.Order(), page.Calls.Select(c => string.Join(' ', CallIds(c))).Order());
        Assert.Equal(expected.RootElement.GetProperty("totals").GetProperty("calls").GetInt32(), page.Matching);
    }

    [Fact]
    public void Legs_are_joined_the_same_in_any_order_of_packets()
    {
        byte[][] packets = [.. ViewerPackets.Session()];
        string[] Joined(IEnumerable<byte[]> order) =>
            [.. ViewerPackets.Find(ViewerPackets.Store(order), kind: "calls").Calls.Select(c => string.Join(' ', CallIds(c))).Order()];
        string[] inOrder = Joined(packets);
        Assert.Equal(inOrder, Joined(packets.Reverse()));
        Random random = new(5);
        random.Shuffle(packets);
        Assert.Equal(inOrder, Joined(packets));
    }

    [Fact]
    public void Times_and_causes_of_a_real_session_match_the_truth()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captures", "esl", "expected.json")));
        CallPage page = ViewerPackets.Find(ViewerPackets.Store(ViewerPackets.Session()), kind: "calls");
        foreach (JsonElement call in expected.RootElement.GetProperty("calls").EnumerateArray())
        {
            JsonElement caller = call.GetProperty("legs")[0];
            CallRow row = Assert.Single(page.Calls, c => c.Legs[0].CallId == caller.GetProperty("sip_call_id").GetString());
            string disposition = call.GetProperty("disposition").GetString()!;
            string state = disposition.StartsWith("ANSWERED", StringComparison.Ordinal) ? "ended" : disposition == "CANCELLED" ? "cancelled" : "failed";
            Assert.Equal((call.GetProperty("id").GetString(), state), (call.GetProperty("id").GetString(), row.State));
            if (state == "ended")
            {
                double seconds = caller.GetProperty("end_epoch").GetDouble() - caller.GetProperty("answer_epoch").GetDouble();
                Assert.InRange(row.Duration!.Value / 1e6, seconds - 1.1, seconds + 1.1);
                Assert.Equal(row.Legs.Min(l => l.Mos), row.Mos);
            }
            else
            {
                Assert.Null(row.Duration);
            }
        }

        string[] causes = ["ORIGINATOR_CANCEL", "NO_ANSWER", "USER_BUSY", "USER_NOT_REGISTERED"];
        Assert.All(causes, cause => Assert.Single(page.Calls, c => c.Cause == cause));
    }

    [Fact]
    public void The_callers_leg_is_first_whichever_leg_is_seen_first()
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Event(Create("ub", "b@h", "ua"), "b@h"),
            ViewerPackets.Event(Create("ua", "a@h"), second: ViewerPackets.Start + 1),
            ViewerPackets.Event(Create("uc", "c@h"), "c@h"));
        CallRow[] calls = [.. ViewerPackets.Find(store).Calls.OrderBy(c => c.Legs.Count)];
        Assert.Equal(["c@h"], CallIds(calls[0]));
        Assert.Equal(["a@h", "b@h"], CallIds(calls[1]));
        Assert.Equal(2, ViewerPackets.View(store).Detail(calls[1].Legs[1].Id)!.Packets.Count);
    }

    [Fact]
    public void A_fork_of_three_with_one_answer_is_one_answered_call()
    {
        static byte[] Line(string state, string leg, uint second, string cause = "") =>
            ViewerPackets.Event($"{state} 1000 → 2000; {cause}{(cause.Length > 0 ? "; " : "")}callid={leg}@h uuid=u{leg} seq=1 time=x{(leg == "a" ? "" : " other=ua")}", $"{leg}@h", ViewerPackets.Start + second);
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Event(Create("ua", "a@h", to: "2000")),
            ViewerPackets.Event(Create("ub", "b@h", "ua"), "b@h"), ViewerPackets.Event(Create("uc", "c@h", "ua"), "c@h"), ViewerPackets.Event(Create("ud", "d@h", "ua"), "d@h"),
            Line("PROGRESS", "b", 1), Line("PROGRESS", "c", 1), Line("PROGRESS", "d", 1), Line("PROGRESS", "a", 1),
            Line("ANSWER", "c", 3), Line("HANGUP_COMPLETE", "b", 3, "LOSE_RACE"), Line("HANGUP_COMPLETE", "d", 3, "USER_BUSY"), Line("ANSWER", "a", 3),
            Line("HANGUP_COMPLETE", "a", 13, "NORMAL_CLEARING"), Line("HANGUP_COMPLETE", "c", 13, "NORMAL_CLEARING"));
        CallRow call = ViewerPackets.Only(store);
        Assert.Equal(["a@h", "b@h", "c@h", "d@h"], CallIds(call));
        Assert.Equal(("ended", "NORMAL_CLEARING", 10_000_000L, 1_000_000L, 3_000_000L), (call.State, call.Cause, call.Duration, call.Ringing, call.Answer));
        Assert.Equal(["ended", "cancelled", "ended", "failed"], call.Legs.Select(l => l.State));
    }

    [Fact]
    public void A_blind_transfer_adds_the_new_leg_to_the_call()
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Event(Create("ua", "a@h")), ViewerPackets.Event(Create("ub", "b@h", "ua"), "b@h", ViewerPackets.Start + 1),
            ViewerPackets.Event(Create("uc", "c@h", "ua", to: "1004"), "c@h", ViewerPackets.Start + 9));
        Assert.Equal(["a@h", "b@h", "c@h"], CallIds(ViewerPackets.Only(store)));
    }

    [Fact]
    public void An_attended_transfer_joins_both_calls_by_the_bridge_and_by_the_sip_alone()
    {
        byte[][] legs =
        [
            ViewerPackets.Event(Create("ua", "a@h")), ViewerPackets.Event(Create("ub", "b@h", "ua"), "b@h", ViewerPackets.Start + 1),
            ViewerPackets.Event(Create("uc", "c@h", from: "1001", to: "1002"), "c@h", ViewerPackets.Start + 5),
            ViewerPackets.Event(Create("ud", "d@h", "uc", from: "1001", to: "1002"), "d@h", ViewerPackets.Start + 6),
        ];
        Assert.Equal(2, ViewerPackets.Find(ViewerPackets.Store(legs)).Matching);
        byte[] bridge = ViewerPackets.Event("BRIDGE 1000 → 1001; sofia/x; callid=a@h uuid=ua seq=9 time=x other=ud", second: ViewerPackets.Start + 9);
        byte[] refer = ViewerPackets.Sip("REFER sip:1000@h SIP/2.0", "b@h", ViewerPackets.Start + 9, "Refer-To: <sip:1002@h?Replaces=c%40h%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n", "3 REFER");
        foreach (byte[] joins in (byte[][])[bridge, refer])
        {
            Assert.Equal(["a@h", "b@h", "c@h", "d@h"], CallIds(ViewerPackets.Only(ViewerPackets.Store([.. legs, joins]))));
        }
    }

    [Fact]
    public void Members_of_a_conference_are_joined_by_its_events_and_by_their_last_ones()
    {
        byte[][] members = [ViewerPackets.Event(Create("ua", "a@h", to: "3001")), ViewerPackets.Event(Create("ub", "b@h", to: "3001").Replace("outbound", "inbound", StringComparison.Ordinal), "b@h")];
        Assert.Equal(2, ViewerPackets.Find(ViewerPackets.Store(members)).Matching);
        Assert.Equal(2, ViewerPackets.Only(ViewerPackets.Store([
            .. members,
            ViewerPackets.Event("conference::maintenance add-member; Conference-Name=3001 Conference-Unique-ID=d35b5408; callid=a@h"),
            ViewerPackets.Event("conference::maintenance add-member; Conference-Name=3001 Conference-Unique-ID=d35b5408; callid=b@h", "b@h")])).Legs.Count);
        Assert.Equal(2, ViewerPackets.Only(ViewerPackets.Store([
            .. members,
            ViewerPackets.Event("HANGUP_COMPLETE 1000 → 3001; NORMAL_CLEARING; callid=a@h uuid=ua seq=5 time=x conference=d35b5408"),
            ViewerPackets.Event("""{"state":"DESTROY","from":"1000","to":"3001","callid":"b@h","Unique-ID":"ub","variable_conference_uuid":"d35b5408"}""", "b@h")])).Legs.Count);
    }

    [Theory]
    [InlineData("X-CID: a@h")]
    [InlineData("x-call-id: a@h")]
    [InlineData("Replaces: a@h;to-tag=1;from-tag=2")]
    [InlineData("Target-Dialog: a@h ;local-tag=1;remote-tag=2")]
    [InlineData("Refer-To: <sip:9@h?Replaces=a%40h%3Bfrom-tag%3D1&Require=replaces>")]
    public void Sip_that_refers_to_another_legs_Call_ID_is_joined_with_it(string header)
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Sip("INVITE sip:1@h SIP/2.0", "b@h", more: header + "\r\n"), ViewerPackets.Sip("INVITE sip:1@h SIP/2.0", "a@h"));
        Assert.Equal(2, ViewerPackets.Only(store).Legs.Count);
    }

    [Theory]
    [InlineData("Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000", "Session-ID: 47755a9de7794ba387653f2099600ef2;remote=ab30317f1a784dc48ff824d0d3715d86", 1)]
    [InlineData("Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000", "Session-ID: 47755a9de7794ba387653f2099600ef2;remote=00000000000000000000000000000000", 2)]
    [InlineData("P-Charging-Vector: icid-value=\"x1\";orig-ioi=h", "P-Charging-Vector: icid-value=x1", 1)]
    [InlineData("Cisco-Guid: 1-2-3-4", "Cisco-Guid: 1-2-3-4", 1)]
    [InlineData("Cisco-Guid: 1-2-3-4", "Cisco-Guid: 1-2-3-5", 2)]
    [InlineData("Subject: a", "Subject: a", 2)]
    public void Sip_with_the_same_Session_ID_is_one_call(string first, string second, int calls)
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Sip("INVITE sip:1@h SIP/2.0", "a@h", more: first + "\r\n"), ViewerPackets.Sip("INVITE sip:1@h SIP/2.0", "b@h", more: second + "\r\n"));
        Assert.Equal(calls, ViewerPackets.Find(store).Matching);
    }

    [Fact]
    public void Sip_with_another_legs_correlation_id_is_joined_with_it_but_keeps_its_own_Call_ID()
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Sip("INVITE sip:1@h SIP/2.0", "a@h"),
            ViewerPackets.Make(HepPayloadType.Sip, "INVITE sip:1@h SIP/2.0\r\nFrom: <sip:1@h>\r\nTo: <sip:2@h>\r\nCall-ID: b@h\r\nCSeq: 1 INVITE\r\n\r\n", "a@h", ViewerPackets.Start + 1));
        Assert.Equal(["a@h", "b@h"], CallIds(ViewerPackets.Only(store)));
    }

    [Fact]
    public void Calls_that_share_only_numbers_and_hosts_stay_separate()
    {
        CallStore store = ViewerPackets.Store(Enumerable.Range(0, 20).Select(i => ViewerPackets.Event(Create($"u{i}", $"{i}@h"), $"{i}@h")));
        Assert.Equal(20, ViewerPackets.Find(store).Matching);
    }
}
