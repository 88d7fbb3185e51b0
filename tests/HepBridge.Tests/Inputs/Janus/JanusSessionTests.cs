using System.Text.Json;
using HepBridge.Hep;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Inputs.Janus;

/// <summary>A session that a real Janus 1.1.2 posted: its SIP plugin against sipp, with a browser as the other side.</summary>
public class JanusSessionTests
{
    private const string Registration = "9062f529-6468-1240-d198-0a5c2c1ffe4e";
    private const string Answered = "U2gkgpmoQPey5uJmpJDsmuT";
    private const string Busy = "v82HpwPJRrGsDQxx5zX3FTY";
    private const string Incoming = "1-17887@127.0.0.1";
    private const int Plugin = 64;
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    [Fact]
    public void Each_event_is_reported_under_the_Call_ID_of_its_own_call()
    {
        using JanusRig rig = JanusRig.OfSession();
        Assert.Equal([Registration, Answered, Busy, Incoming, "gw1"], rig.Packets.Select(packet => packet.CallId).Distinct().Order(Comparer<string>.Create((a, b) => Rank(a) - Rank(b))));
        Assert.Equal(
            [
                "HANDLE attached janus.plugin.sip", "JSEP remote offer", "SESSION created", "SIP calling", "ICE gathering", "ICE local candidate", "SIP proceeding", "ICE remote candidate",
                "JSEP local answer", "SIP accepted", "ICE local candidate", "ICE local candidate", "ICE connecting", "ICE remote candidate", "ICE selected pair", "ICE connected", "ICE ready",
                "DTLS trying", "DTLS connected", "WEBRTC webrtcup", "MEDIA audio receiving", "SIP hangup", "WEBRTC hangup",
            ],
            Heads(rig, Answered));
        Assert.Equal(
            ["JSEP remote offer", "ICE gathering", "ICE local candidate", "ICE local candidate", "ICE local candidate", "SIP calling", "SIP hangup", "WEBRTC hangup"],
            Heads(rig, Busy));
        Assert.Equal(["SIP registered", "SIP unregistered"], Heads(rig, Registration));
        Assert.Equal(["JANUS started", "JANUS shutdown"], Heads(rig, "gw1"));
        string[] incoming = Heads(rig, Incoming);
        Assert.Equal(["JSEP local offer", "SIP incomingcall"], incoming[..2]);
        Assert.Equal(["HANDLE detached janus.plugin.sip", "SESSION destroyed"], incoming[^2..]);
        Assert.Equal(0, rig.Rig.Pipeline.Counters.Held + rig.Rig.Pipeline.Counters.Uncorrelated);
    }

    [Fact]
    public void Each_event_has_its_own_time_and_names_its_handle()
    {
        using JanusRig rig = JanusRig.OfSession();
        List<JsonElement> events = [.. JanusRig.SessionEvents().Where(e => e.GetProperty("type").GetInt32() != 128)];
        foreach (CollectedPacket packet in rig.Packets.Where(packet => packet.Type == HepPayloadType.Log))
        {
            JsonElement e = Assert.Single(events, e => e.GetProperty("timestamp").GetInt64() == packet.Microseconds);
            string session = e.TryGetProperty("session_id", out JsonElement id) ? $" session={id.GetRawText()}" : "";
            string handle = e.TryGetProperty("handle_id", out id) ? $" handle={id.GetRawText()} opaque_id={e.GetProperty("opaque_id").GetString()}" : "";
            Assert.Contains($"; janus=gw1{session}{handle}; callid={packet.CallId} time=2026-11-26T", packet.Payload, StringComparison.Ordinal);
        }

        Assert.Equal(
            events.Count(e => !IsSip(e) && !IsStatistics(e)),
            rig.Packets.Count(packet => packet.Type == HepPayloadType.Log));
    }

    [Fact]
    public void SIP_messages_are_whole_with_the_addresses_of_both_ends()
    {
        using JanusRig rig = JanusRig.OfSession();
        CollectedPacket[] sip = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Sip)];
        Assert.Equal(JanusRig.SessionEvents().Count(IsSip), sip.Length);
        string[] ways = [.. sip.Where(packet => packet.CallId is Answered or Incoming).Select(packet => $"{FirstWords(packet)} {packet.SourcePort}>{packet.DestinationPort}")];
        Assert.Equal(
            [
                "INVITE 37378>15091", "SIP/2.0 180 15091>37378", "SIP/2.0 200 15091>37378", "ACK 37378>15091",
                "INVITE 37378>15091", "SIP/2.0 200 15091>37378", "ACK 37378>15091", "INVITE 37378>15091", "SIP/2.0 200 15091>37378", "ACK 37378>15091",
                "INFO 37378>15091", "SIP/2.0 200 15091>37378", "BYE 37378>15091", "SIP/2.0 200 15091>37378",
                "INVITE 15093>37378", "SIP/2.0 180 37378>15093", "SIP/2.0 200 37378>15093", "ACK 15093>37378", "SIP/2.0 200 37378>15093", "BYE 15093>37378",
            ],
            ways);
        Assert.All(sip, packet => Assert.Contains($"Call-ID: {packet.CallId}\r\n", packet.Payload, StringComparison.Ordinal));
        Assert.All(sip, packet => Assert.Equal(("127.0.0.1", "127.0.0.1"), (packet.Source, packet.Destination)));
    }

    [Fact]
    public void What_the_SIP_stack_logged_behind_a_message_is_cut_and_secrets_are_masked()
    {
        Assert.Contains("Duration=160 -----", string.Concat(JanusRig.Session), StringComparison.Ordinal);
        using JanusRig rig = JanusRig.OfSession();
        Assert.EndsWith("\r\n\r\nSignal=5\r\nDuration=160", Assert.Single(rig.Packets, packet => packet.Payload.StartsWith("INFO ", StringComparison.Ordinal)).Payload, StringComparison.Ordinal);
        Assert.Matches("response=\"\\*{32}\"", rig.Packets.First(packet => packet.Payload.Contains("Authorization:", StringComparison.Ordinal)).Payload);
        Assert.All(rig.Packets.Where(packet => packet.Payload.Contains("ice-pwd", StringComparison.Ordinal)), packet => Assert.Matches("\na=ice-pwd:\\*+\n", packet.Payload));
    }

    [Fact]
    public void Media_statistics_are_a_quality_report_for_each_direction()
    {
        using JanusRig rig = JanusRig.OfSession();
        CollectedPacket[] reports = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.MosShort)];
        JsonElement[] statistics = [.. JanusRig.SessionEvents().Where(IsStatistics).Select(e => e.GetProperty("event"))];
        Assert.Equal(statistics.Sum(e => Count(e, "packets-received") + Count(e, "packets-sent")), reports.Length);
        CollectedPacket received = reports.First(report => report.Json().GetProperty("TOTAL_PK").GetInt32() == 218);
        Assert.Equal(("fd00::2", 40669, "fd00::2", 39396, Answered), (received.Source, received.SourcePort, received.Destination, received.DestinationPort, received.CallId));
        Assert.StartsWith(
            "{\"CORRELATION_ID\":\"U2gkgpmoQPey5uJmpJDsmuT\",\"RTP_SIP_CALL_ID\":\"U2gkgpmoQPey5uJmpJDsmuT\",\"REPORT_TS\":17957170", received.Payload, StringComparison.Ordinal);
        JsonElement json = received.Json();
        Assert.Equal((218, 37496, 0, 218, 5, 2), (Number("TOTAL_PK"), Number("TL_BYTE"), Number("PACKET_LOSS"), Number("EXPECTED_PK"), Number("JITTER"), Number("RTT")));
        Assert.Equal(("audio", "pcmu", 8000, 100), (json.GetProperty("MEDIA").GetString(), json.GetProperty("CODEC_NAME").GetString(), Number("CLOCK"), Number("QUALITY")));
        CollectedPacket sent = reports[Array.IndexOf(reports, received) + 1];
        Assert.Equal((39396, 40669, 217, 1), (sent.SourcePort, sent.DestinationPort, sent.Json().GetProperty("TOTAL_PK").GetInt32(), sent.Json().GetProperty("JITTER").GetInt32()));

        int Number(string name) => json.GetProperty(name).GetInt32();

        static int Count(JsonElement e, string name) => e.GetProperty(name).GetInt64() > 0 ? 1 : 0;
    }

    [Fact]
    public void Flags_and_kinds_decide_what_leaves()
    {
        using JanusRig rig = JanusRig.OfSession("\"report_janus_events\": [\"core\", \"transports\"], \"report_sip\": false, \"report_qos_events\": false");
        Assert.All(rig.Packets, packet => Assert.Matches("^(JANUS|TRANSPORT) ", packet.Payload));
        Assert.Contains(rig.Packets, packet => packet.CallId == Answered && packet.Payload.StartsWith("TRANSPORT request; transport=janus.transport.http", StringComparison.Ordinal));
        using JanusRig none = JanusRig.OfSession("\"report_call_events\": false, \"report_sip\": false, \"report_qos_events\": false");
        Assert.Empty(none.Packets);
        Assert.Equal(none.Rig.Pipeline.Counters.Received, none.Rig.Pipeline.Counters.Filtered);
    }

    [Fact]
    public void A_single_event_and_events_one_a_body_make_the_same()
    {
        using JanusRig whole = JanusRig.OfSession();
        using JanusRig single = new();
        single.Rig.Time.Advance(whole.Rig.Time.GetUtcNow() - single.Rig.Time.GetUtcNow());
        bool isAlone = false;
        foreach (JsonElement e in JanusRig.SessionEvents())
        {
            isAlone = !isAlone;
            string indented = JsonSerializer.Serialize(e, _indented);
            Assert.True(single.Post(isAlone ? e.GetRawText() : $" [ {indented} ] "));
        }

        Assert.Equal(whole.Packets, single.Packets);
    }

    private static int Rank(string callId) => callId switch { Registration => 0, Answered => 1, Incoming => 3, "gw1" => 4, _ => 2 };

    private static string[] Heads(JanusRig rig, string callId) =>
    [
        .. rig.Packets.Where(packet => packet.CallId == callId && packet.Type == HepPayloadType.Log && !packet.Payload.Contains("handle=6022980846099749", StringComparison.Ordinal))
            .Select(packet => string.Join(' ', packet.Payload.Split(';', '\n')[0].Split(' ').Take(3)))
            .Select(head => head.StartsWith("ICE selected", StringComparison.Ordinal) ? "ICE selected pair" : head),
    ];

    private static string FirstWords(CollectedPacket packet) => packet.Payload.StartsWith("SIP/2.0", StringComparison.Ordinal) ? packet.Payload[..11] : packet.Payload.Split(' ')[0];

    private static bool IsSip(JsonElement e) => e.GetProperty("type").GetInt32() == Plugin && e.GetProperty("event").GetProperty("data").TryGetProperty("sip", out _);

    private static bool IsStatistics(JsonElement e) => e.GetProperty("type").GetInt32() == 32 && e.GetProperty("event").TryGetProperty("packets-received", out _);
}
