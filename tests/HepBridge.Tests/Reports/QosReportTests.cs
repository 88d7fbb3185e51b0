using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.Hep;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Reports;

/// <summary>One quality report per leg and media type.</summary>
public class QosReportTests
{
    private static readonly (string, string)[] _audio =
    [
        ("variable_rtp_audio_in_packet_count", "500"), ("variable_rtp_audio_in_media_packet_count", "490"), ("variable_rtp_audio_in_media_bytes", "84280"),
        ("variable_rtp_audio_in_mos", "4.50"), ("variable_rtp_audio_in_jitter_min_variance", "8.00"), ("variable_rtp_audio_in_jitter_max_variance", "64.00"),
        ("variable_rtp_audio_in_mean_interval", "20.01"), ("variable_rtp_audio_in_quality_percentage", "99.00"), ("variable_rtp_audio_in_skip_packet_count", "140"),
        ("variable_rtp_audio_in_flaw_total", "140"), ("variable_rtp_use_codec_name", "PCMA"), ("variable_rtp_use_pt", "8"), ("variable_rtp_use_codec_ptime", "20"),
    ];

    [Fact]
    public void A_report_has_the_figures_of_the_received_stream()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sip("CHANNEL_HANGUP_COMPLETE", "a", _audio).Sip("CHANNEL_DESTROY", "a", _audio);
        CollectedPacket packet = Assert.Single(Qos(rig));
        JsonElement report = packet.Json();

        Assert.Equal(HepPayloadType.MosShort, packet.Type);
        Assert.Equal(("10.0.0.2", 5000, "10.0.0.1", 4000), (packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort));
        Assert.Equal(500, report.GetProperty("TOTAL_PK").GetInt32());
        Assert.Equal(84280, report.GetProperty("TL_BYTE").GetInt32());
        Assert.Equal(4.5, report.GetProperty("MOS").GetDouble());
        Assert.Equal(6, report.GetProperty("JITTER").GetDouble());
        Assert.Equal(8, report.GetProperty("MAX_JITTER").GetDouble());
        Assert.Equal(20.01, report.GetProperty("DELTA").GetDouble());
        Assert.Equal(("PCMA", 8, 8000, 20), (report.GetProperty("CODEC_NAME").GetString(), report.GetProperty("CODEC_PT").GetInt32(), report.GetProperty("CLOCK").GetInt32(), report.GetProperty("PTIME").GetInt32()));
        Assert.Equal(packet.Microseconds / 1e6, report.GetProperty("REPORT_TS").GetDouble(), 0.000_001);
        Assert.Equal("HANGUP", report.GetProperty("TYPE").GetString());

        // Skips and flaws are not network loss.
        Assert.False(report.TryGetProperty("PACKET_LOSS", out _));
        Assert.False(report.TryGetProperty("EXPECTED_PK", out _));
    }

    [Fact]
    public void Loss_and_jitter_come_from_the_report_blocks_of_the_switch()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x")
            .Sent("a", 5, 1, ("Source-Lost", "2"), ("Source-Jitter", "80")).Sent("a", 5, 2, ("Source-Lost", "6"), ("Source-Jitter", "160"))
            .Sip("CHANNEL_HANGUP_COMPLETE", "a", _audio);
        JsonElement report = Assert.Single(Qos(rig)).Json();

        Assert.Equal(6, report.GetProperty("PACKET_LOSS").GetInt32());
        Assert.Equal(506, report.GetProperty("EXPECTED_PK").GetInt32());
        Assert.Equal(15, report.GetProperty("JITTER").GetDouble());
        Assert.Equal(20, report.GetProperty("MAX_JITTER").GetDouble());
        Assert.Equal(5, report.GetProperty("SSRC").GetInt32());
    }

    [Fact]
    public void A_report_is_sent_at_the_end_if_there_was_no_hangup()
    {
        PipelineRig rig = new PipelineRig().Sip("CHANNEL_DESTROY", "a", [("variable_sip_call_id", "a@x"), .. _audio]);

        Assert.Equal("a@x", Assert.Single(Qos(rig)).CallId);
    }

    [Fact]
    public void Video_has_its_own_report()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x", ("variable_local_video_ip", "10.0.0.1"), ("variable_local_video_port", "4002"), ("variable_remote_video_ip", "10.0.0.2"), ("variable_remote_video_port", "5002"))
            .Received("a", 6, 1, ("RTP-Rate", "90000")).Received("a", 5, 1).Sent("a", 6, 1, ("Source-Lost", "3"), ("Source-Jitter", "900"))
            .Sip("CHANNEL_HANGUP_COMPLETE", "a", [.. _audio, ("variable_rtp_video_in_packet_count", "900"), ("variable_rtp_video_in_media_packet_count", "900"), ("variable_rtp_video_in_mos", "3.10")]);

        Assert.Equal(["audio", "video"], Qos(rig).Select(packet => packet.Json().GetProperty("MEDIA").GetString()));
        CollectedPacket video = Qos(rig)[1];
        Assert.Equal((5002, 4002), (video.SourcePort, video.DestinationPort));
        Assert.Equal(3, video.Json().GetProperty("PACKET_LOSS").GetInt32());
        Assert.Equal(10, video.Json().GetProperty("JITTER").GetDouble());
        Assert.False(video.Json().TryGetProperty("CODEC_NAME", out _));
        Assert.False(Qos(rig)[0].Json().TryGetProperty("PACKET_LOSS", out _));
    }

    [Fact]
    public void A_leg_without_media_has_no_report_and_one_without_media_packets_no_mos()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sip("CHANNEL_HANGUP_COMPLETE", "a").Sip("CHANNEL_DESTROY", "a")
            .Talking("b", "b@x").Sip("CHANNEL_HANGUP_COMPLETE", "b", [("variable_rtp_audio_in_media_packet_count", "0"), .. _audio, ("variable_rtp_video_in_packet_count", "0")]);
        JsonElement report = Assert.Single(Qos(rig)).Json();

        Assert.False(report.TryGetProperty("MOS", out _));
        Assert.False(report.TryGetProperty("MEAN_MOS", out _));
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("inf")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e400")]
    public void Non_numbers_are_left_out(string value)
    {
        (string, string)[] broken =
        [
            ("variable_rtp_audio_in_packet_count", "5"), ("variable_rtp_audio_in_media_packet_count", "5"), ("variable_rtp_audio_in_mos", value == "-1" ? "x" : value),
            ("variable_rtp_audio_in_jitter_min_variance", value), ("variable_rtp_audio_in_jitter_max_variance", value), ("variable_rtp_audio_in_mean_interval", value == "-1" ? "" : value),
            ("variable_rtp_use_pt", value), ("variable_rtp_use_codec_name", "a\"\\\n\u0001é"),
        ];
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sip("CHANNEL_HANGUP_COMPLETE", "a", broken);
        JsonElement report = Assert.Single(Qos(rig)).Json();

        Assert.All(report.EnumerateObject(), member => Assert.True(member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String));
        Assert.False(report.TryGetProperty("MOS", out _));
        Assert.False(report.TryGetProperty("JITTER", out _));
        Assert.Equal("a\"\\\n\u0001é", report.GetProperty("CODEC_NAME").GetString());
    }

    [Fact]
    public void A_list_of_types_gives_a_packet_each()
    {
        PipelineRig rig = new(new ReportOptions { QosTypes = [HepPayloadType.MosFull, HepPayloadType.MosShort, (HepPayloadType)99] });
        rig.Talking("a", "a@x").Sip("CHANNEL_HANGUP_COMPLETE", "a", _audio);

        Assert.Equal([34, 35, 99], Qos(rig).Select(packet => (int)packet.Type));
        Assert.Single(Qos(rig).Select(packet => packet.Payload).Distinct());
        Assert.Equal(3, rig.Pipeline.Counters.QosPackets);
    }

    [Fact]
    public void Unknown_addresses_are_the_switchs_own()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Sip("CHANNEL_HANGUP_COMPLETE", "a", _audio);
        CollectedPacket packet = Assert.Single(Qos(rig));

        Assert.Equal(("10.0.0.1", 0, "10.0.0.1", 0), (packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort));
        Assert.False(packet.Json().TryGetProperty("SRC_IP", out _));
    }

    private static CollectedPacket[] Qos(PipelineRig rig) => [.. rig.Packets.Where(packet => (int)packet.Type is 34 or 35 or 99)];
}
