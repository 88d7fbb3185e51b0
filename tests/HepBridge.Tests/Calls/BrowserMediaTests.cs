using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Reports;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Calls;

/// <summary>Browser legs: the SDP's address is only a default, ICE chooses another, and NAT may change that one, too.</summary>
public sealed class BrowserMediaTests
{
    private const string Wire = "192.0.2.2:50354";
    private const string Default = "127.0.0.1:45469";
    private const string Local = "192.0.2.1:16400";

    private readonly PipelineRig _rig = new(new ReportOptions { CallEvents = false });

    [Fact]
    public void After_unhold_the_pair_chosen_by_ICE_remains()
    {
        Talk(Wire);
        Check(Wire);
        Event("CHANNEL_HOLD", media: Wire, audio: Wire);
        Check(Wire);
        Event("CHANNEL_UNHOLD", media: Default, audio: Wire);
        Check(Wire);
        Event("CHANNEL_HANGUP_COMPLETE", media: Default, audio: Wire, more: ("variable_rtp_audio_in_packet_count", "500"));

        CollectedPacket quality = _rig.Packets[^1];
        Assert.Equal(HepPayloadType.MosShort, quality.Type);
        Assert.Equal((Wire, Local), (From(quality), To(quality)));
        Assert.Equal("192.0.2.2", quality.Json().GetProperty("SRC_IP").GetString());
        Assert.Equal(50354, quality.Json().GetProperty("SRC_PORT").GetInt32());
    }

    [Fact]
    public void A_switch_without_remote_audio_keeps_the_chosen_pair_over_the_SDPs_default()
    {
        Event("CHANNEL_CREATE", media: Default);
        Check(Default);
        Event("CHANNEL_ANSWER", media: Wire);
        Check(Wire);
        Event("CHANNEL_UNHOLD", media: Default);
        Check(Wire);
        Event("CALL_UPDATE", media: "192.0.2.2:50360");
        Check("192.0.2.2:50360");
    }

    [Fact]
    public void An_ICE_restart_starts_over()
    {
        Event("CHANNEL_ANSWER", media: Wire);
        Event("CALL_UPDATE", media: Default, ufrag: "new1");
        Check(Default);
        Event("CALL_UPDATE", media: "192.0.2.9:4444", audio: "192.0.2.9:4444", ufrag: "new1");
        Check("192.0.2.9:4444");
        Event("CHANNEL_UNHOLD", media: Default, ufrag: "new1");
        Check("192.0.2.9:4444");
    }

    [Fact]
    public void An_SDP_without_an_address_is_replaced_by_the_chosen_pair_for_good()
    {
        Event("CHANNEL_CREATE", media: "0.0.0.0:9", sdpDefault: "0.0.0.0:9");
        Event("CHANNEL_ANSWER", media: Wire, sdpDefault: "0.0.0.0:9");
        Check(Wire);
        Event("CHANNEL_UNHOLD", media: "0.0.0.0:9", sdpDefault: "0.0.0.0:9");
        Check(Wire);
    }

    [Fact]
    public void Legs_without_ICE_use_remote_media()
    {
        _rig.Talking("a", "a@x").Sip("CHANNEL_UNHOLD", "a",
            ("variable_remote_media_ip", "10.0.0.9"), ("variable_remote_media_port", "6000"), ("variable_remote_audio_ip", "10.0.0.2"), ("variable_remote_audio_port", "5000"),
            ("variable_switch_r_sdp", "v=0\r\nc=IN IP4 10.0.0.9\r\nm=audio 6000 RTP/AVP 8\r\n"));
        _rig.Received("a", 7, 1);

        Assert.Equal("10.0.0.9:6001", From(_rig.Packets[^1]));
    }

    [Theory]
    [InlineData("127.9.9.9:57430", "192.0.2.2:47321")]
    [InlineData("2001:db8::5:57430", "2001:db8::7:47321")]
    public void A_peer_reflexive_address_is_learned_from_the_switchs_log(string chosen, string wire)
    {
        Talk(chosen);
        Check(chosen);
        Line($"Auto Changing audio stun/rtp/dtls port from {chosen} to {wire} idx:-1");
        Check(wire);

        // No header contains it, before or after a hold.
        Event("CALL_UPDATE", media: chosen, audio: chosen);
        Check(wire);
        Event("CHANNEL_UNHOLD", media: Default, audio: chosen);
        Check(wire);
        Event("CHANNEL_HANGUP_COMPLETE", media: Default, audio: chosen, more: ("variable_rtp_audio_in_packet_count", "500"));
        Assert.Equal(wire, From(_rig.Packets[^1]));
    }

    [Fact]
    public void Several_changes_apply_in_turn_until_ICE_chooses_again()
    {
        Talk("127.9.9.9:57430");
        Line("Auto Changing audio stun/rtp/dtls port from 127.9.9.9:57430 to 192.0.2.2:47321 idx:-1");
        Line("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:47321 to 192.0.2.3:47322 idx:-1");
        Event("CALL_UPDATE", media: "127.9.9.9:57430", audio: "127.9.9.9:57430");
        Check("192.0.2.3:47322");
        Event("CALL_UPDATE", media: "192.0.2.8:1000", audio: "192.0.2.8:1000");
        Check("192.0.2.8:1000");
    }

    [Fact]
    public void A_change_before_the_answers_SDP_survives_it()
    {
        _rig.Inbound("a", "a@x");
        Line("Auto Changing audio stun/rtp/dtls port from 127.9.9.9:57430 to 192.0.2.2:47321 idx:-1");
        Event("CHANNEL_ANSWER", media: "127.9.9.9:57430");
        Check("192.0.2.2:47321");
        Event("CHANNEL_UNHOLD", media: Default);
        Check("192.0.2.2:47321");
    }

    [Fact]
    public void Video_has_a_path_of_its_own()
    {
        Talk(Wire, video: "192.0.2.2:50400");
        _rig.Received("a", 9, 1, ("RTP-Rate", "90000"));
        Assert.Equal(("192.0.2.2:50400", "192.0.2.1:16500"), (From(_rig.Packets[^1]), To(_rig.Packets[^1])));

        // After a hold, remote_video is the SDP's default again.
        Event("CHANNEL_UNHOLD", media: Default, audio: Wire, video: "127.0.0.1:45470");
        _rig.Received("a", 9, 2, ("RTP-Rate", "90000"));
        Assert.Equal("192.0.2.2:50400", From(_rig.Packets[^1]));
        Check(Wire);

        Line("Auto Changing video stun/rtp/dtls port from 192.0.2.2:50400 to 192.0.2.6:7000 idx:-1");
        _rig.Received("a", 9, 3, ("RTP-Rate", "90000"));
        Assert.Equal("192.0.2.6:7000", From(_rig.Packets[^1]));
        Check(Wire);
    }

    [Theory]
    [InlineData("Auto Changing audio stun/rtcp/dtls port from 192.0.2.2:50354 to 192.0.2.9:1 idx:-1")]
    [InlineData("Auto Changing text stun/rtp/dtls port from 192.0.2.2:50354 to 192.0.2.9:1 idx:-1")]
    [InlineData("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:50354 to")]
    [InlineData("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:50354 to nowhere:1 idx:-1")]
    [InlineData("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:50354 to 192.0.2.9:0 idx:-1")]
    [InlineData("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:50354 to 192.0.2.9:99999 idx:-1")]
    [InlineData("Auto Changing ")]
    [InlineData("Auto Changing audio ")]
    public void Other_log_lines_change_nothing(string line)
    {
        Talk(Wire);
        Line(line);
        Check(Wire);
    }

    [Fact]
    public void A_log_line_with_a_callers_text_changes_nothing()
    {
        Talk(Wire);
        Line("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:50354 to 192.0.2.9:1 idx:-1", file: "mod_dptools.c");
        Check(Wire);
    }

    [Fact]
    public void Lines_not_to_be_reported_are_filtered_and_create_no_leg()
    {
        Line("New Channel sofia/internal/1000 [a]", file: "switch_channel.c");
        Assert.Equal((1, 0), (_rig.Pipeline.Counters.Filtered, _rig.Pipeline.Counters.LegsSeen));
        Talk(Wire);
        Line("Auto Changing audio stun/rtp/dtls port from 192.0.2.2:50354 to 192.0.2.9:1 idx:-1");
        Assert.Empty(_rig.Packets);
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData(true, true, false, 3, 5)]
    [InlineData(false, true, false, 3, 5)]
    [InlineData(false, false, false, 3, null)]
    [InlineData(false, false, true, 3, 3)]
    [InlineData(true, true, true, 3, 5)]
    [InlineData(true, true, true, 7, 7)]
    public void The_log_is_requested_if_media_addresses_are_reported(bool rtcp, bool qos, bool log, int level, int? expected) =>
        Assert.Equal(expected, new ReportPlan(new ReportOptions { RtcpEvents = rtcp, QosEvents = qos, LogEvents = log, LogLevel = level }).LogLevel);

    private void Talk(string remote, string? video = null)
    {
        Event("CHANNEL_CREATE", media: Default, video: video is null ? null : "127.0.0.1:45470");
        Event("CHANNEL_ANSWER", media: remote, audio: remote, video: video);
    }

    private void Event(
        string name, string media, string? audio = null, string? video = null, string ufrag = "uf01", string sdpDefault = Default, (string, string)? more = null)
    {
        bool hasVideo = video is not null;
        string section(string kind, string endpoint, string fragment) =>
            $"m={kind} {Split(endpoint).Port} UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 {Split(endpoint).Ip}\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:{fragment}\r\na=ice-pwd:x\r\na=rtcp-mux\r\n";
        List<(string, string)> headers =
        [
            ("variable_sip_call_id", "a@x"), ("Call-Direction", "inbound"), ("variable_rtp_use_ssrc", "11"), ("variable_rtp_use_video_ssrc", "12"),
            ("variable_local_media_ip", Split(Local).Ip), ("variable_local_media_port", Split(Local).Port),
            ("variable_remote_media_ip", Split(media).Ip), ("variable_remote_media_port", Split(media).Port),
            ("variable_switch_r_sdp", "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n" + section("audio", sdpDefault, ufrag) + (hasVideo ? section("video", "127.0.0.1:45470", ufrag) : string.Empty)),
            ("variable_rtp_local_sdp_str", "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 16400 UDP/TLS/RTP/SAVPF 111\r\na=rtcp-mux\r\na=rtcp:16400 IN IP4 192.0.2.1\r\n"
                + (hasVideo ? "m=video 16500 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-mux\r\n" : string.Empty)),
        ];
        if (audio is not null)
        {
            headers.AddRange([("variable_remote_audio_ip", Split(audio).Ip), ("variable_remote_audio_port", Split(audio).Port)]);
        }

        if (video is not null)
        {
            headers.AddRange(
            [
                ("variable_local_video_ip", "192.0.2.1"), ("variable_local_video_port", "16500"),
                ("variable_remote_video_ip", Split(video).Ip), ("variable_remote_video_port", Split(video).Port),
            ]);
        }

        if (more is { } header)
        {
            headers.Add(header);
        }

        _rig.Sip(name, "a", [.. headers]);
    }

    private void Line(string text, string file = "switch_rtp.c") =>
        _rig.Feed(
            Encoding.UTF8.GetBytes(
                $"Content-Type: log/data\nContent-Length: 1\nLog-Level: 5\nText-Channel: 3\nLog-File: {file}\nLog-Func: handle_ice\nLog-Line: 1436\nUser-Data: a\n\n"
                + $"2026-11-21 23:55:31.790621 98.57% [NOTICE] {file}:1436 {text}\n"),
            EventEncoding.Log);

    // Both directions, on RTP's own port: the browser multiplexes.
    private void Check(string remote)
    {
        _rig.Received("a", 7, (uint)_rig.Packets.Count + 1);
        Assert.Equal((remote, Local), (From(_rig.Packets[^1]), To(_rig.Packets[^1])));
        _rig.Sent("a", 7, 1);
        Assert.Equal((Local, remote), (From(_rig.Packets[^1]), To(_rig.Packets[^1])));
    }

    private static string From(CollectedPacket packet) => $"{packet.Source}:{packet.SourcePort}";

    private static string To(CollectedPacket packet) => $"{packet.Destination}:{packet.DestinationPort}";

    private static (string Ip, string Port) Split(string endpoint) =>
        (endpoint[..endpoint.LastIndexOf(':')], endpoint[(endpoint.LastIndexOf(':') + 1)..]);
}
