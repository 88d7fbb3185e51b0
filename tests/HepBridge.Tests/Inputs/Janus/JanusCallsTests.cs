using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Inputs.Janus;

namespace HepBridge.Tests.Inputs.Janus;

/// <summary>Which Call-ID Janus events are sent with.</summary>
public sealed class JanusCallsTests : IDisposable
{
    private readonly JanusRig _janus = new();

    public void Dispose() => _janus.Dispose();

    [Fact]
    public void Events_wait_for_the_call_and_leave_in_order_with_their_own_times()
    {
        Attach().Event(8, "{'owner':'remote','jsep':{'type':'offer','sdp':'v=0'}}");
        long offered = _janus.Rig.Now();
        _janus.Rig.Advance(2);
        Assert.Empty(_janus.Packets);
        Plugin("calling", "a@x");
        Assert.Equal(["HANDLE attached", "JSEP remote", "SESSION created;", "SIP calling;"], Heads());
        Assert.Equal(offered, _janus.Packets[1].Microseconds);
        Assert.All(_janus.Packets, packet => Assert.Equal("a@x", packet.CallId));
    }

    [Fact]
    public void What_comes_late_belongs_to_the_call_that_ended_and_the_next_offer_to_the_next_call()
    {
        Attach();
        Plugin("calling", "a@x");
        Plugin("hangup", "a@x");
        _janus.Event(16, "{'connection':'hangup','reason':'Close PC'}", 6);
        Assert.Equal("a@x", _janus.Packets[^1].CallId);
        int before = _janus.Packets.Count;
        _janus.Event(16, "{'ice':'gathering','stream_id':1}", 1).Event(8, "{'owner':'local','jsep':{'type':'offer','sdp':'v=0'}}");
        Assert.Equal(before, _janus.Packets.Count);
        Plugin("incomingcall", "b@x");
        Assert.Equal(["b@x", "b@x", "b@x"], _janus.Packets[before..].Select(packet => packet.CallId));
        _janus.Event(8, "{'owner':'remote','jsep':{'type':'offer','sdp':'v=0'}}");
        Assert.Equal("b@x", _janus.Packets[^1].CallId);
    }

    [Fact]
    public void A_missed_call_during_another_is_reported_under_its_own_Call_ID_and_changes_nothing()
    {
        Attach();
        Plugin("calling", "a@x");
        Sip("sip-in", "INVITE sip:alice@192.0.2.1 SIP/2.0\\r\\nVia: SIP/2.0/UDP 192.0.2.9:5060\\r\\nCall-ID: c@x\\r\\n\\r\\n");
        Plugin("missed_call", "c@x");
        Assert.Equal(["c@x", "c@x"], _janus.Packets[^2..].Select(packet => packet.CallId));
        _janus.Event(32, "{'media':'audio','mid':'0','receiving':false,'seconds':1}", 1);
        Assert.Equal("a@x", _janus.Packets[^1].CallId);
        Assert.StartsWith("MEDIA audio not receiving; mid=0 seconds=1; janus=gw1 session=1 handle=2; callid=a@x", _janus.Packets[^1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_call_ends_at_once()
    {
        Attach();
        Sip("sip-in", "INVITE sip:alice@192.0.2.1 SIP/2.0\\r\\nVia: SIP/2.0/UDP 192.0.2.9:5060\\r\\nCall-ID: c@x\\r\\n\\r\\n");
        Plugin("missed_call", "c@x");
        int before = _janus.Packets.Count;
        _janus.Event(8, "{'owner':'remote','jsep':{'type':'offer','sdp':'v=0'}}");
        Plugin("calling", "a@x");
        Assert.Equal(["a@x", "a@x"], _janus.Packets[before..].Select(packet => packet.CallId));
    }

    [Fact]
    public void Without_a_call_what_was_held_goes_under_the_registration()
    {
        Attach();
        Sip("sip-out", "REGISTER sip:192.0.2.5 SIP/2.0\\r\\nVia: SIP/2.0/UDP 192.0.2.1:5070\\r\\nCall-ID: r@x\\r\\n\\r\\n");
        Plugin("registered", null);
        Assert.Equal(["REGISTER sip:192.0.2.5", "SIP registered;"], Heads());
        _janus.Rig.Advance(100);
        _janus.Event(8, "{'owner':'remote','jsep':{'type':'offer','sdp':'v=0'}}");
        _janus.Rig.Advance(21);
        Assert.Equal(["SESSION created;", "HANDLE attached"], Heads()[2..]);
        Assert.All(_janus.Packets, packet => Assert.Equal("r@x", packet.CallId));
        Plugin("calling", "a@x");
        Assert.Equal(("JSEP", "a@x"), (_janus.Packets[^2].State(), _janus.Packets[^2].CallId));
    }

    [Fact]
    public void What_a_handle_holds_when_it_is_detached_goes_under_the_registration_or_is_counted()
    {
        Attach().Event(2, "{'name':'detached','plugin':'janus.plugin.sip'}").Event(1, "{'name':'destroyed'}", handle: 0);
        Assert.Empty(_janus.Packets);
        Assert.Equal(4, _janus.Rig.Advance(11).Pipeline.Counters.Uncorrelated);
        Assert.Equal(0, _janus.Input.Handles);
        Attach();
        Sip("sip-out", "REGISTER sip:192.0.2.5 SIP/2.0\\r\\nCall-ID: r@x\\r\\n\\r\\n");
        _janus.Event(2, "{'name':'detached','plugin':'janus.plugin.sip'}").Event(1, "{'name':'destroyed'}", handle: 0);
        Assert.Equal(["REGISTER sip:192.0.2.5", "HANDLE attached", "HANDLE detached", "SESSION created;", "SESSION destroyed;"], Heads());
        Assert.True(_janus.Rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_SIP_the_session_id_serves_if_that_is_wanted(bool correlate)
    {
        using JanusRig janus = new(calls: new CallOptions { CorrelateNonSip = correlate });
        janus.Event(1, "{'name':'created'}", handle: 0).Event(2, "{'name':'attached','plugin':'janus.plugin.videoroom'}")
            .Event(64, "{'plugin':'janus.plugin.videoroom','data':{'event':'joined','room':1234,'display':'Bob; callid=z'}}");
        if (!correlate)
        {
            Assert.Empty(janus.Packets);
            Assert.Equal(3, janus.Rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NotSip));
            return;
        }

        Assert.Equal(["1", "1", "1"], janus.Packets.Select(packet => packet.CallId));
        Assert.StartsWith("VIDEOROOM joined; room=1234 display=Bob\\; callid\\=z; janus=gw1 session=1 handle=2; callid=1 time=", janus.Packets[2].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void Core_and_external_events_go_under_the_name_of_the_Janus()
    {
        _janus.Event(256, "{'status':'update','info':{'sessions':2}}", session: 0, handle: 0).Event(4, "{'schema':'billing','data':{'x':[1,2]}}", session: 0, handle: 0)
            .Event(4, "{'schema':'billing','data':{'call-id':'a@x'}}", session: 0, handle: 0);
        Assert.Equal(["gw1", "gw1", "a@x"], _janus.Packets.Select(packet => packet.CallId));
        Assert.StartsWith("JANUS update; info.sessions=2; janus=gw1; callid=gw1 time=", _janus.Packets[0].Payload, StringComparison.Ordinal);
        Assert.StartsWith("EXTERNAL billing; data.x=[1,2]; janus=gw1; callid=gw1 time=", _janus.Packets[1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handle_of_before_the_start_is_known_by_its_first_event()
    {
        Plugin("accepted", "a@x");
        _janus.Event(16, "{'dtls':'connected','stream_id':1}", 5);
        Assert.Equal(["a@x", "a@x"], _janus.Packets.Select(packet => packet.CallId));
    }

    [Fact]
    public void The_table_of_handles_is_bounded()
    {
        JanusHandles handles = new();
        JanusHandle kept = handles.Get("1"u8, "1"u8);
        for (int i = 0; i < JanusHandles.Capacity + 10; i++)
        {
            handles.Get("2"u8, System.Text.Encoding.UTF8.GetBytes($"{i}"));
            Assert.Same(kept, handles.Get("1"u8, "1"u8));
        }

        Assert.Equal(JanusHandles.Capacity, handles.Count);
    }

    [Theory]
    [InlineData("[]", true, 0)]
    [InlineData("{}", false, 1)]
    [InlineData("[1]", false, 1)]
    [InlineData("[{\"type\":0}]", false, 1)]
    [InlineData("[{\"type\":\"1\"},{\"type\":256,\"event\":{}}]", true, 1)]
    [InlineData("{\"type\":1,\"session_id\":11111111111111111111111111111111111111111111111111111111111111111}", false, 1)]
    public void What_is_no_event_is_counted(string body, bool any, int malformed)
    {
        Assert.Equal(any, _janus.Post(body));
        Assert.Equal(malformed, _janus.Rig.Pipeline.Counters.Malformed);
        Assert.True(_janus.Rig.Pipeline.Counters.AreConserved);
    }

    [Fact]
    public void Nothing_is_allocated_for_an_event_of_a_known_handle()
    {
        Attach();
        Plugin("calling", "a@x");
        byte[] body = "[{\"type\":16,\"timestamp\":1,\"session_id\":1,\"handle_id\":2,\"event\":{\"local-candidate\":\"1 1 udp 2015363327 192.0.2.2 5 typ host\"}},{\"type\":32,\"session_id\":1,\"handle_id\":2,\"event\":{\"media\":\"audio\",\"receiving\":true}}]"u8.ToArray();
        _janus.Rig.Pipeline.Outputs = [];
        for (int i = 0; i < 100; i++)
        {
            _janus.Input.OnBody(body, System.Net.IPAddress.Loopback);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            _janus.Input.OnBody(body, System.Net.IPAddress.Loopback);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private JanusRig Attach() => _janus.Event(1, "{'name':'created'}", handle: 0).Event(2, "{'name':'attached','plugin':'janus.plugin.sip'}");

    private void Plugin(string name, string? callId) =>
        _janus.Event(64, $"{{'plugin':'janus.plugin.sip','data':{{'event':'{name}'{(callId is null ? "" : $",'call-id':'{callId}'")}}}}}");

    private void Sip(string direction, string message) => _janus.Event(64, $"{{'plugin':'janus.plugin.sip','data':{{'event':'{direction}','sip':'{message}'}}}}");

    private string[] Heads() => [.. _janus.Packets.Select(packet => string.Join(' ', packet.Payload.Split('\n', '\r')[0].Split(' ').Take(2)))];
}
