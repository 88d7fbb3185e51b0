using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.Hep;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>RTCP events as the JSON of other HEP agents.</summary>
public class RtcpReportTests
{
    [Fact]
    public void A_receiver_report_has_type_201_and_repeats_the_last_sender_reports_figures()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Received("a", 5, 100, CallScript.Block(0, 11)).Received("a", 5, 100, CallScript.Block(0, 11)).Received("a", 5, 101);
        JsonElement[] reports = Reports(rig);

        Assert.Equal([200, 201, 200], reports.Select(report => report.GetProperty("type").GetInt32()));
        Assert.All(reports, report => Assert.Equal(5, report.GetProperty("ssrc").GetInt32()));
        JsonElement stale = reports[1].GetProperty("sender_information");
        Assert.Equal((100, 7, 50, 8000), (Int(stale, "ntp_timestamp_sec"), Int(stale, "ntp_timestamp_usec"), Int(stale, "packets"), Int(stale, "octets")));
    }

    [Fact]
    public void A_receiver_report_before_any_sender_report_has_no_sender_info()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Received("a", 0, 0, [("NTP-Least-Significant-Word", "0"), .. CallScript.Block(0, 11)]);
        JsonElement report = Assert.Single(Reports(rig));

        Assert.Equal(201, Int(report, "type"));
        Assert.False(report.TryGetProperty("sender_information", out _));
        Assert.False(report.TryGetProperty("ssrc", out _));
        Assert.Equal(1, Int(report, "report_count"));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("8388607", 8_388_607)]
    [InlineData("4294967295", -1)]
    [InlineData("-1", -1)]
    [InlineData("16777215", -1)]
    [InlineData("8388608", -8_388_608)]
    [InlineData("4286578688", -8_388_608)]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("16777216", null)]
    [InlineData("2147483648", null)]
    [InlineData("4286578687", null)]
    [InlineData("4294967296", null)]
    [InlineData("9223372036854775807", null)]
    public void A_loss_count_has_24_signed_bits_and_is_omitted_if_unknown(string lost, int? expected)
    {
        foreach (RtcpLoss how in Enum.GetValues<RtcpLoss>())
        {
            PipelineRig rig = new PipelineRig(new ReportOptions { CallEvents = false, RtcpLoss = how }).Talking("a", "a@x").Sent("a", 5, 1, ("Source-Lost", lost))
                .Received("a", 5, 1, [("Source0-Lost", lost), .. CallScript.Block(0, 11).Where(header => header.Item1 != "Source0-Lost")])
                .Sip("CHANNEL_HANGUP_COMPLETE", "a", ("variable_rtp_audio_in_packet_count", "100"));

            Assert.All(Reports(rig), report => Assert.Equal(
                expected, report.GetProperty("report_blocks")[0].TryGetProperty("packets_lost", out JsonElement value) ? value.GetInt32() : null));
            JsonElement quality = rig.Packets.Single(packet => packet.Type == HepPayloadType.MosShort).Json();
            Assert.Equal(expected, quality.TryGetProperty("PACKET_LOSS", out JsonElement loss) ? loss.GetInt32() : null);
            Assert.Equal(100 + expected, quality.TryGetProperty("EXPECTED_PK", out JsonElement packets) ? packets.GetInt32() : null);
        }
    }

    [Fact]
    public void Rtcp_sent_by_the_switch_has_its_ssrc_and_the_direction_on_the_wire()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sent("a", 5, 1).Received("a", 5, 1);

        Assert.Equal(11, Int(Reports(rig)[0], "ssrc"));
        Assert.Equal(5, Int(Reports(rig)[0].GetProperty("report_blocks")[0], "source_ssrc"));
        Assert.Equal(["10.0.0.1:4001 10.0.0.2:5001", "10.0.0.2:5001 10.0.0.1:4001"], Ways(rig));
    }

    [Fact]
    public void The_switchs_ssrc_is_learned_from_the_peers_report_blocks()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Sent("a", 5, 1).Received("a", 5, 1, CallScript.Block(0, 77)).Sent("a", 5, 2);

        Assert.False(Reports(rig)[0].TryGetProperty("ssrc", out _));
        Assert.Equal(77, Int(Reports(rig)[2], "ssrc"));
    }

    [Fact]
    public void A_reported_ssrc_of_zero_is_replaced_by_the_peers_rtp_ssrc()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sent("a", 5, 1, ("Source-SSRC", "00000000"));

        Assert.Equal(5, Int(Reports(rig)[0].GetProperty("report_blocks")[0], "source_ssrc"));
    }

    [Fact]
    public void Every_block_is_reported_and_an_sr_may_have_none()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x")
            .Received("a", 5, 1, [.. CallScript.Block(0, 11), .. CallScript.Block(1, 12, jitter: 9), .. CallScript.Block(2, 0xffffffff)]).Received("a", 5, 2);

        JsonElement[] blocks = [.. Reports(rig)[0].GetProperty("report_blocks").EnumerateArray()];
        Assert.Equal([11u, 12u, 0xffffffffu], blocks.Select(block => block.GetProperty("source_ssrc").GetUInt32()));
        Assert.Equal((9, 3, 100, 1, 2), (Int(blocks[1], "ia_jitter"), Int(blocks[1], "fraction_lost"), Int(blocks[1], "highest_seq_no"), Int(blocks[1], "lsr"), Int(blocks[1], "dlsr")));
        Assert.Equal(0, Int(Reports(rig)[1], "report_count"));
        Assert.Equal(0, Reports(rig)[1].GetProperty("report_blocks").GetArrayLength());
    }

    [Theory]
    [InlineData("4294967295", -1)]
    [InlineData("4294967200", -96)]
    [InlineData("-1", -1)]
    [InlineData("12", 12)]
    public void A_loss_is_a_signed_number(string printed, int lost)
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Received("a", 5, 1, [("Source0-Lost", printed), .. CallScript.Block(0, 11)]).Sent("a", 5, 1, ("Source-Lost", printed));

        Assert.All(Reports(rig), report => Assert.Equal(lost, Int(report.GetProperty("report_blocks")[0], "packets_lost")));
    }

    [Fact]
    public void Loss_since_the_last_report_is_tracked_per_direction_and_source()
    {
        PipelineRig rig = new(new ReportOptions { RtcpLoss = RtcpLoss.Delta });
        rig.Talking("a", "a@x").Received("a", 5, 1, CallScript.Block(0, 11, lost: 4)).Sent("a", 5, 1, ("Source-Lost", "100"))
            .Received("a", 5, 2, CallScript.Block(0, 11, lost: 9)).Sent("a", 5, 2, ("Source-Lost", "99"));

        Assert.Equal([4, 100, 5, -1], Reports(rig).Select(report => Int(report.GetProperty("report_blocks")[0], "packets_lost")));
    }

    [Theory]
    [InlineData("PCMA", "8000", "8000", 160, 20)]
    [InlineData("G722", "16000", "16000", 160, 20)]
    [InlineData("opus", "48000", "48000", 960, 20)]
    [InlineData("PCMA", "8000", "8000", 1, 0.125)]
    public void Jitter_in_milliseconds_uses_the_rtp_clock(string codec, string codecRate, string rtpRate, uint jitter, double milliseconds)
    {
        PipelineRig rig = new(new ReportOptions { RtcpJitter = RtcpJitter.Milliseconds });
        rig.Talking("a", "a@x", ("variable_rtp_use_codec_name", codec), ("variable_rtp_use_codec_rate", codecRate))
            .Received("a", 5, 1, [("RTP-Rate", rtpRate), .. CallScript.Block(0, 11, jitter: jitter)]);

        Assert.Equal(milliseconds, Reports(rig)[0].GetProperty("report_blocks")[0].GetProperty("ia_jitter").GetDouble());
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n", "m=audio 5000 RTP/AVP 8\r\na=rtcp-mux\r\n", 4000, 5000)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n", "m=audio 5000 RTP/AVP 8\r\n", 4001, 5001)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\n", "m=audio 5000 RTP/AVP 8\r\na=rtcp:5555 IN IP4 10.0.0.2\r\n", 4001, 5555)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\n", "m=audio 5000 RTP/AVP 8\r\na=rtcp:5000\r\n", 4001, 5000)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\n", "m=audio 5000 RTP/AVP 8\r\na=rtcp-mux\r\na=rtcp:5000\r\n", 4001, 5001)]
    [InlineData("m=audio 4000 RTP/AVP 8\r\n", "m=audio 7000 RTP/AVP 8\r\na=rtcp:7777\r\n", 4001, 5001)]
    [InlineData("m=video 4000 RTP/AVP 8\r\na=rtcp-mux\r\n", "m=video 5000 RTP/AVP 8\r\na=rtcp-mux\r\n", 4001, 5001)]
    public void The_rtcp_ports_follow_the_sdps(string local, string remote, int localPort, int remotePort)
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x", ("variable_rtp_local_sdp_str", local), ("variable_switch_r_sdp", remote)).Received("a", 5, 1);

        Assert.Equal([$"10.0.0.2:{remotePort} 10.0.0.1:{localPort}"], Ways(rig));
    }

    [Fact]
    public void Addresses_are_current_and_of_both_families()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Received("a", 5, 1)
            .Sip("CALL_UPDATE", "a", ("variable_remote_media_ip", "10.0.0.9"), ("variable_remote_media_port", "6000")).Received("a", 5, 2)
            .Talking("b", "b@x", ("variable_local_media_ip", "fd99::1"), ("variable_remote_media_ip", "fd99::2")).Received("b", 6, 1);

        Assert.Equal(["10.0.0.2:5001 10.0.0.1:4001", "10.0.0.9:6001 10.0.0.1:4001", "fd99::2:5001 fd99::1:4001"], Ways(rig));
    }

    [Fact]
    public void Unknown_media_addresses_are_the_switchs_own_and_counted()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Received("a", 5, 1);

        Assert.Equal(["10.0.0.1:0 10.0.0.1:0"], Ways(rig));
        Assert.Equal(1, rig.Pipeline.Counters.RtcpNoAddress);
    }

    [Fact]
    public void Video_is_recognized_by_its_clock_and_then_by_its_ssrc()
    {
        PipelineRig rig = WithVideo().Received("a", 5, 1).Received("a", 6, 1, ("RTP-Rate", "90000")).Received("a", 6, 2, ("RTP-Rate", "0"))
            .Sent("a", 6, 1).Sent("a", 5, 1);

        Assert.Equal(
            ["10.0.0.2:5001 10.0.0.1:4001", "10.0.0.2:5003 10.0.0.1:4003", "10.0.0.2:5003 10.0.0.1:4003", "10.0.0.1:4003 10.0.0.2:5003", "10.0.0.1:4001 10.0.0.2:5001"],
            Ways(rig));
        Assert.Equal(12, Int(Reports(rig)[3], "ssrc"));
        Assert.Equal(11, Int(Reports(rig)[4], "ssrc"));
        Assert.Equal(0, rig.Pipeline.Counters.RtcpMediaUnsure);
    }

    [Fact]
    public void Audio_and_video_have_separate_sender_reports()
    {
        PipelineRig rig = WithVideo().Received("a", 5, 1).Received("a", 6, 1, ("RTP-Rate", "90000")).Received("a", 5, 1).Received("a", 6, 2, ("RTP-Rate", "90000"));

        Assert.Equal([200, 200, 201, 200], Reports(rig).Select(report => Int(report, "type")));
    }

    [Fact]
    public void Ambiguous_rtcp_is_treated_as_audio_and_counted()
    {
        PipelineRig rig = WithVideo().Received("a", 6, 1, ("RTP-Rate", "0")).Received("a", 5, 1);

        Assert.Equal("10.0.0.2:5001 10.0.0.1:4001", Ways(rig)[0]);
        Assert.Equal(1, rig.Pipeline.Counters.RtcpMediaUnsure);

        // The guess taught nothing: the audio's own SSRC is learned from an unambiguous event.
        rig.Sent("a", 6, 2).Sent("a", 5, 2);
        Assert.Equal(["10.0.0.1:4003 10.0.0.2:5003", "10.0.0.1:4001 10.0.0.2:5001"], Ways(rig)[2..]);
    }

    [Fact]
    public void Rtcp_without_a_channel_is_not_reported()
    {
        PipelineRig rig = new PipelineRig().Feed("RECV_RTCP_MESSAGE", ("variable_sip_call_id", "a@x"), ("SSRC", "00000005"));

        Assert.Empty(rig.Packets);
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    private static PipelineRig WithVideo() =>
        new PipelineRig().Talking("a", "a@x", ("variable_rtp_use_video_ssrc", "12"),
            ("variable_local_video_ip", "10.0.0.1"), ("variable_local_video_port", "4002"), ("variable_remote_video_ip", "10.0.0.2"), ("variable_remote_video_port", "5002"));

    private static JsonElement[] Reports(PipelineRig rig) => [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Rtcp).Select(packet => packet.Json())];

    private static string[] Ways(PipelineRig rig) =>
        [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Rtcp).Select(packet => $"{packet.Source}:{packet.SourcePort} {packet.Destination}:{packet.DestinationPort}")];

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
