using System.Text.Json;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Hep;

namespace HepBridge.Tests.Collector;

/// <summary>The figures above the list, and those on a call's page and in its export.</summary>
public sealed class CallFiguresTests
{
    private const long Start = ViewerPackets.Start * 1_000_000L;

    [Fact]
    public void Figures_of_a_real_session_match_the_truth()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captures", "esl", "expected.json")));
        List<JsonElement> calls = [.. expected.RootElement.GetProperty("calls").EnumerateArray()];
        List<JsonElement> answered = calls.FindAll(c => c.GetProperty("disposition").GetString()!.StartsWith("ANSWERED", StringComparison.Ordinal));
        double mean = answered.Average(c => c.GetProperty("legs")[0].GetProperty("end_epoch").GetDouble() - c.GetProperty("legs")[0].GetProperty("answer_epoch").GetDouble());

        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        foreach (int minutes in (int[])[5, 0])
        {
            CallFigures figures = new FiguresQuery(minutes).Run(store, Start + (2 * 60_000_000L));
            Assert.True(figures.IsLive);
            Assert.Equal((calls.Count, answered.Count, 5, 1, 0), (figures.Calls, figures.Answered, figures.Failed, figures.Cancelled, figures.Now));
            Assert.Equal(100.0 * answered.Count / calls.Count, figures.AnswerRatio!.Value, 6);
            Assert.InRange(figures.MeanDuration!.Value / 1e6, mean - 0.6, mean + 0.6);
            // One caller dropped every tenth packet, another 24 of 587.
            Assert.Equal((2, "10.99.0.11", 2), (figures.BadLegs, figures.Peers[0].Address, figures.Peers[0].Bad));
            Assert.Equal((18, 5), (figures.Buckets.Sum(b => b.Calls), figures.Buckets.Sum(b => b.Failed)));
            Assert.Equal(["10.99.0.1", "fd99::1"], figures.Switches);
            Assert.InRange(figures.Buckets.Count, 10, 60);
        }
    }

    [Fact]
    public void The_period_of_a_recording_ends_with_its_newest_call()
    {
        CallFigures figures = new FiguresQuery(5).Run(ViewerPackets.Store(ViewerPackets.Session()), Start + (40L * 86_400_000_000));
        Assert.False(figures.IsLive);
        Assert.Equal(18, figures.Calls);
    }

    [Fact]
    public void Calls_before_the_window_do_not_count_but_those_in_progress_do()
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Event("CREATE 1 → 2; inbound; callid=a@h uuid=a seq=1 time=x"), ViewerPackets.Event("ANSWER 1 → 2; PCMU; callid=a@h uuid=a seq=2 time=x"),
            ViewerPackets.Event("CREATE 3 → 4; inbound; callid=b@h uuid=b seq=1 time=x", "b@h", ViewerPackets.Start + 600));
        CallFigures figures = new FiguresQuery(5).Run(store, Start + 610_000_000);
        Assert.Equal((1, 0, 2), (figures.Calls, figures.Answered, figures.Now));
        Assert.Null(figures.AnswerRatio);
    }

    [Theory]
    [InlineData("Unknown", 80.0, 10.0)]
    [InlineData("RtpClock", 80.0, 10.0)]
    [InlineData("Milliseconds", 80.0, 80.0)]
    public void Jitter_is_in_milliseconds_whatever_the_agent_sends(string agent, double sent, double shown)
    {
        JitterUnit unit = Enum.Parse<JitterUnit>(agent);
        CallStore store = ViewerPackets.Store(Rtcp(sent));
        Assert.Equal(shown, Assert.Single(ViewerPackets.View(store, unit).Detail(1)!.Streams).MaxJitter);
        Assert.Contains($"jitter {shown} ms", ViewerPackets.View(store, unit).Detail(1)!.Packets[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Restarted_timestamps_are_not_jitter()
    {
        CallStore store = ViewerPackets.Store(Rtcp(80), Rtcp(23_859_374));
        CallDetail detail = ViewerPackets.View(store).Detail(1)!;
        StreamRow stream = Assert.Single(detail.Streams);
        Assert.Equal((10.0, 10.0), (stream.MeanJitter, stream.MaxJitter));
        Assert.Equal(["loss 0 % · jitter 10 ms", "loss 0 %"], detail.Packets.Select(p => p.Detail));
    }

    [Theory]
    [InlineData(80, 10.0, 10.0)]
    [InlineData(11, 11.2, 11.0)]
    public void The_final_report_reveals_the_unit_for_all_legs_of_its_agent(double sent, double final, double shown)
    {
        CallStore store = ViewerPackets.Store(
            Rtcp(sent, "b@h"),
            Rtcp(sent),
            ViewerPackets.Make(HepPayloadType.Report, $$"""{"MOS":4.4,"JITTER":{{final / 2}},"MAX_JITTER":{{final}}}""", source: "192.0.2.2", destination: "192.0.2.1"));
        foreach (CallRow call in ViewerPackets.Find(store).Calls)
        {
            Assert.Equal(shown, Assert.Single(ViewerPackets.View(store).Detail(call.Id)!.Streams).MaxJitter);
        }
    }

    [Theory]
    [InlineData("m=audio 5060 RTP/AVP 111 0\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:111 opus/48000/2\r\n", 1.0)]
    [InlineData("m=audio 7000 RTP/AVP 0\r\nm=video 5061 RTP/AVP 96\r\n", 0.5333)]
    [InlineData("m=audio 5060 RTP/AVP 9\r\na=rtpmap:9 G722/8000\r\n", 6.0)]
    [InlineData("m=audio x RTP/AVP\r\na=rtpmap:9 G722/1\r\nm=\r\nm=audio 5060\r\n", 6.0)]
    public void The_clock_of_a_stream_comes_from_its_sdp(string sdp, double milliseconds)
    {
        CallStore store = ViewerPackets.Store(
            ViewerPackets.Make(HepPayloadType.Sip, $"INVITE sip:1@h SIP/2.0\r\nCall-ID: a@h\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\n{sdp}"), Rtcp(48));
        Assert.Equal(milliseconds, Assert.Single(ViewerPackets.View(store).Detail(1)!.Streams).MaxJitter!.Value, 3);
    }

    [Fact]
    public void Reports_refer_to_their_stream_and_hosts_are_in_route_order()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        CallRow row = Assert.Single(ViewerPackets.Find(store, "27ee1e46feb8").Calls);
        CallDetail detail = ViewerPackets.View(store).Detail(row.Id)!;
        // The called phone's media address differs from its signaling address.
        Assert.Equal(["10.99.0.11", "10.99.0.1", "10.99.0.15", "10.99.0.2"], detail.Hosts);
        Assert.All(detail.Packets, p => Assert.Equal(p.Kind is "rtcp" or "qos", p.Stream is not null));
        foreach (PacketRow report in detail.Packets.Where(p => p.Kind == "rtcp"))
        {
            StreamRow stream = detail.Streams[report.Stream!.Value];
            Assert.Equal((report.Leg, report.Destination, report.Source), (stream.Leg, stream.From, stream.To));
        }

        CallRow transfer = Assert.Single(ViewerPackets.Find(store, "a533094eae21964f").Calls);
        Assert.Equal(["10.99.0.20", "10.99.0.1", "10.99.0.12", "10.99.0.16"], ViewerPackets.View(store).Detail(transfer.Id)!.Hosts);
        Assert.Equal(["10.99.0.11", "10.99.0.1", "10.99.0.2"], EventsOnly("27ee1e46feb8").Hosts);
    }

    [Fact]
    public void The_text_search_covers_packet_contents()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        CallRow row = Assert.Single(ViewerPackets.Find(store, "27ee1e46feb8").Calls);
        CallView view = ViewerPackets.View(store);
        string[] found = [.. view.Find(row.Id, "M=AUDIO 30022")!.Packets];
        Assert.NotEmpty(found);
        Assert.All(found, name => Assert.Contains("m=audio 30022", view.Packet(long.Parse(name.Split('-')[0]), int.Parse(name.Split('-')[1]))!.Payload, StringComparison.Ordinal));
        Assert.Empty(view.Find(row.Id, "no such text")!.Packets);
        Assert.Null(view.Find(99_999, "x"));
    }

    [Fact]
    public void The_text_export_describes_the_call_in_lines_that_fit_a_ticket()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session());
        CallRow row = Assert.Single(ViewerPackets.Find(store, "27ee1e46feb8").Calls);
        string text = ViewerPackets.View(store).ExportText(row.Id)!;
        Assert.StartsWith("Call 1000 → 1005, 2026-11-21 23:55:22.", text, StringComparison.Ordinal);
        foreach (string part in (string[])["State     ended, NORMAL_CLEARING", "answered after 0.", "worst MOS 1.83", "A  1000 → 1005  10.99.0.11 → 10.99.0.1  ended", "Call-ID 27ee1e46feb8010b@10.99.0.11", "  A  10.99.0.11 → 10.99.0.1  INVITE  SDP", "  B  10.99.0.1 → 10.99.0.15  INVITE"])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("RTCP", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_senders_text_never_breaks_a_line_of_the_text_export()
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Event("CREATE a\u202eb → c\td; x\u0007y; callid=a@h uuid=u"), ViewerPackets.Event("log\u2028line"));
        string text = ViewerPackets.View(store).ExportText(1)!;
        Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || c is '\u202e' or '\u2028'));
    }

    private static byte[] Rtcp(double jitter, string callId = "a@h") =>
        ViewerPackets.Make(HepPayloadType.Rtcp, $$"""{"type":200,"report_blocks":[{"source_ssrc":1,"fraction_lost":0,"ia_jitter":{{jitter}}}]}""", callId);

    private static CallDetail EventsOnly(string text)
    {
        CallStore store = ViewerPackets.Store(ViewerPackets.Session().Where(p => !(HepDecoder.TryDecode(p, out HepPacket packet, out _) && packet.PayloadType == HepPayloadType.Sip)));
        return ViewerPackets.View(store).Detail(Assert.Single(ViewerPackets.Find(store, text).Calls).Id)!;
    }
}
