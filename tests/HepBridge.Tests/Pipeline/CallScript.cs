namespace HepBridge.Tests.Pipeline;

/// <summary>Calls spelled out event by event.</summary>
internal static class CallScript
{
    /// <summary>An event of a SIP channel; the given headers override the usual ones.</summary>
    public static PipelineRig Sip(this PipelineRig rig, string name, string uuid, params (string, string)[] headers) =>
        rig.Feed(
            name,
            [.. headers, ("Unique-ID", uuid), ("Channel-Name", "sofia/internal/1000"), ("Caller-Caller-ID-Number", "1000"), ("Caller-Destination-Number", "2000")]);

    /// <summary>An event of a channel without SIP.</summary>
    public static PipelineRig Loopback(this PipelineRig rig, string name, string uuid, params (string, string)[] headers) =>
        rig.Feed(name, [.. headers, ("Unique-ID", uuid), ("Channel-Name", "loopback/9196-a")]);

    /// <summary>An inbound leg's CREATE: its Call-ID is known at once.</summary>
    public static PipelineRig Inbound(this PipelineRig rig, string uuid, string callId, params (string, string)[] headers) =>
        rig.Sip("CHANNEL_CREATE", uuid, [.. headers, ("Call-Direction", "inbound"), ("variable_sip_call_id", callId)]);

    /// <summary>An outbound leg's CREATE: it has no Call-ID yet.</summary>
    public static PipelineRig Outbound(this PipelineRig rig, string uuid, params (string, string)[] headers) =>
        rig.Sip("CHANNEL_CREATE", uuid, [.. headers, ("Call-Direction", "outbound")]);

    /// <summary>A leg that was answered, with audio between 10.0.0.1:4000 and 10.0.0.2:5000.</summary>
    public static PipelineRig Talking(this PipelineRig rig, string uuid, string callId, params (string, string)[] headers) =>
        rig.Inbound(uuid, callId).Sip("CHANNEL_ANSWER", uuid,
        [
            .. headers,
            ("variable_sip_call_id", callId), ("variable_rtp_use_ssrc", "11"), ("variable_rtp_use_codec_rate", "8000"), ("variable_rtp_use_codec_name", "PCMA"),
            ("variable_local_media_ip", "10.0.0.1"), ("variable_local_media_port", "4000"),
            ("variable_remote_media_ip", "10.0.0.2"), ("variable_remote_media_port", "5000"),
        ]);

    /// <summary>RTCP that the switch received, with one block unless others are given.</summary>
    public static PipelineRig Received(this PipelineRig rig, string uuid, uint ssrc, uint ntp, params (string, string)[] headers) =>
        rig.Feed("RECV_RTCP_MESSAGE",
        [
            .. headers, ("Unique-ID", uuid), ("SSRC", $"{ssrc:x8}"), ("NTP-Most-Significant-Word", $"{ntp}"), ("NTP-Least-Significant-Word", "7"),
            ("RTP-Timestamp", "160"), ("Sender-Packet-Count", "50"), ("Octect-Packet-Count", "8000"), ("RTP-Rate", "8000"),
        ]);

    /// <summary>RTCP that the switch sent: the event names the remote party's SSRC.</summary>
    public static PipelineRig Sent(this PipelineRig rig, string uuid, uint remoteSsrc, uint ntp, params (string, string)[] headers) =>
        rig.Feed("SEND_RTCP_MESSAGE",
        [
            .. headers, ("Unique-ID", uuid), ("SSRC", $"{remoteSsrc:x8}"), ("NTP-Most-Significant-Word", $"{ntp}"), ("NTP-Least-Significant-Word", "7"),
            ("RTP-Timestamp", "160"), ("Sender-Packet-Count", "50"), ("Octect-Packet-Count", "8000"),
            ("Source-SSRC", $"{remoteSsrc:x8}"), ("Source-Fraction", "0"), ("Source-Lost", "0"),
            ("Source-Highest-Sequence-Number-Received", "100"), ("Source-Jitter", "8"), ("Source-LSR", "1"), ("Source-DLSR", "2"),
        ]);

    /// <summary>The headers of one report block of a RECV event.</summary>
    public static (string, string)[] Block(int index, uint ssrc, uint lost = 0, uint jitter = 8) =>
    [
        ($"Source{index}-SSRC", $"{ssrc:x8}"), ($"Source{index}-Fraction", "3"), ($"Source{index}-Lost", $"{lost}"), ($"Source{index}-Highest-Sequence-Number-Received", "100"),
        ($"Source{index}-Jitter", $"{jitter}"), ($"Source{index}-LSR", "1"), ($"Source{index}-DLSR", "2"),
    ];

    public static string[] States(this PipelineRig rig, string callId) =>
        [.. rig.Packets.Where(packet => packet.CallId == callId && packet.Type == HepBridge.Hep.HepPayloadType.Log).Select(packet => packet.State())];
}
