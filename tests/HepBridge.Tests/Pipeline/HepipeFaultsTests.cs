using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.FreeSwitch;
using HepBridge.Hep;

namespace HepBridge.Tests.Pipeline;

/// <summary>Bugs of hepipe.js, one test each.</summary>
public class HepipeFaultsTests
{
    [Fact]
    public void The_readable_text_is_sent() =>
        Assert.StartsWith("CREATE 1000 → 2000;", new PipelineRig().Inbound("a", "a@x").Packets[0].Payload, StringComparison.Ordinal);

    [Fact]
    public void A_packet_has_the_events_own_time_in_microseconds()
    {
        PipelineRig rig = new PipelineRig().Advance(5).Inbound("a", "a@x", ("Event-Date-Timestamp", "1795305300123456"));

        Assert.Equal(1_795_305_300_123_456, rig.Packets[0].Microseconds);
    }

    [Fact]
    public void Capture_id_and_password_are_sent_in_every_kind_of_packet()
    {
        PipelineRig rig = new(new ReportOptions { CaptureId = 4_000_000_000, AuthKey = "geheim"u8.ToArray(), NodeName = "fs-1"u8.ToArray() });
        rig.Talking("a", "a@x").Received("a", 5, 1).Sip("CHANNEL_DESTROY", "a", ("variable_rtp_audio_in_packet_count", "5"));

        Assert.Equal([HepPayloadType.Rtcp, HepPayloadType.MosShort, HepPayloadType.Log], rig.Packets.Select(packet => packet.Type).Distinct().Order());
        Assert.All(rig.Packets, packet => Assert.Equal((4_000_000_000u, "geheim", "fs-1"), (packet.CaptureId, packet.AuthKey, packet.NodeName)));
    }

    [Fact]
    public void Rtcp_of_an_unknown_call_does_not_crash()
    {
        PipelineRig rig = new PipelineRig().Received("older", 5, 1).Sent("older", 5, 1);

        Assert.Equal(2, rig.Pipeline.Counters.Held);
    }

    [Fact]
    public void Packet_and_byte_counts_are_cumulative_and_the_events_own()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Received("a", 5, 1, ("Sender-Packet-Count", "100"), ("Octect-Packet-Count", "16000"))
            .Received("a", 5, 2, ("Sender-Packet-Count", "150"), ("Octect-Packet-Count", "24000"))
            .Feed("RECV_RTCP_MESSAGE", ("Unique-ID", "a"), ("SSRC", "00000005"), ("NTP-Most-Significant-Word", "3"), ("NTP-Least-Significant-Word", "1"));
        JsonElement[] senders = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Rtcp).Select(packet => packet.Json().GetProperty("sender_information"))];

        Assert.Equal((150, 24_000), (senders[1].GetProperty("packets").GetInt32(), senders[1].GetProperty("octets").GetInt32()));
        Assert.False(senders[2].TryGetProperty("packets", out _));
        Assert.False(senders[2].TryGetProperty("octets", out _));
    }

    [Fact]
    public void Rtcp_has_the_meaning_on_the_wire()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x")
            .Received("a", 0xabcdef01, 1, [("Event-Sequence", "777"), .. CallScript.Block(0, 11, lost: 0xffffffff), .. CallScript.Block(1, 12)]);
        CollectedPacket packet = rig.Packets[^1];
        JsonElement report = packet.Json();

        Assert.Equal(0xabcdef01, report.GetProperty("ssrc").GetUInt32());
        Assert.Equal(11u, report.GetProperty("report_blocks")[0].GetProperty("source_ssrc").GetUInt32());
        Assert.Equal(2, report.GetProperty("report_count").GetInt32());
        Assert.Equal(-1, report.GetProperty("report_blocks")[0].GetProperty("packets_lost").GetInt32());
        Assert.Equal(("10.0.0.2", "10.0.0.1"), (packet.Source, packet.Destination));
    }

    [Fact]
    public void Each_legs_events_have_its_own_call_id_before_and_after_the_bridge()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Outbound("b", ("Other-Type", "originator"), ("Other-Leg-Unique-ID", "a"))
            .Sip("CHANNEL_ANSWER", "b", ("variable_sip_call_id", "b@x"))
            .Sip("CHANNEL_BRIDGE", "a", ("Other-Type", "originatee"), ("Other-Leg-Unique-ID", "b"), ("variable_sip_call_id", "a@x"))
            .Sip("CHANNEL_DESTROY", "a", ("Other-Leg-Unique-ID", "b")).Sip("CHANNEL_DESTROY", "b", ("Other-Leg-Unique-ID", "a"));

        Assert.Equal(["CREATE", "BRIDGE", "DESTROY"], rig.States("a@x"));
        Assert.Equal(["CREATE", "ANSWER", "DESTROY"], rig.States("b@x"));
    }

    [Fact]
    public void Custom_events_arrive_with_payload_and_identity()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x").Feed("CUSTOM", ("Event-Subclass", "callcenter::info"), ("Unique-ID", "a"), ("CC-Action", "agent-offering"));

        Assert.StartsWith("callcenter::info agent-offering", rig.Packets[^1].Payload, StringComparison.Ordinal);
        Assert.Equal(2001u, rig.Packets[^1].CaptureId);
    }

    [Fact]
    public void A_reconnect_starts_at_once_and_backs_off()
    {
        Backoff backoff = new(new Random(1));
        TimeSpan first = backoff.Next();

        Assert.True(first < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Only_needed_events_are_subscribed_to()
    {
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = new HepBridge.Reports.ReportPlan(new ReportOptions()).Subscription();

        Assert.DoesNotContain("ALL", names);
        Assert.DoesNotContain("CHANNEL_EXECUTE", names);
        Assert.DoesNotContain("CUSTOM", names);
        Assert.DoesNotContain("conference::maintenance", subclasses);
        Assert.Contains("CHANNEL_CREATE", new HepBridge.Reports.ReportPlan(new ReportOptions { CallEvents = false }).Subscription().Names);
    }

    [Fact]
    public void Lengths_count_bytes_and_ipv6_is_ipv6()
    {
        PipelineRig rig = new PipelineRig().Inbound("é", "é@x", ("variable_sip_local_network_addr", "fd99::1"), ("Caller-Destination-Number", "😀 ü"));

        Assert.Contains("→ 😀 ü;", rig.Packets[0].Payload, StringComparison.Ordinal);
        Assert.Equal(("é@x", "fd99::1"), (rig.Packets[0].CallId, rig.Packets[0].Source));
    }

    [Fact]
    public void A_quality_reports_figures_match_their_names()
    {
        PipelineRig rig = new PipelineRig().Talking("a", "a@x").Sip("CHANNEL_DESTROY", "a",
            ("variable_rtp_audio_in_packet_count", "50"), ("variable_rtp_audio_out_packet_count", "70"), ("variable_rtp_audio_in_media_bytes", "8000"), ("variable_rtp_audio_in_skip_packet_count", "9"));
        JsonElement report = rig.Packets[^1].Type == HepPayloadType.MosShort ? rig.Packets[^1].Json() : rig.Packets[^2].Json();

        Assert.Equal((50, 8000), (report.GetProperty("TOTAL_PK").GetInt32(), report.GetProperty("TL_BYTE").GetInt32()));
        Assert.False(report.TryGetProperty("PACKET_LOSS", out _));
        Assert.InRange(report.GetProperty("REPORT_TS").GetDouble(), 1.7e9, 1.9e9);
    }

    [Fact]
    public void Two_switches_are_kept_apart()
    {
        PipelineRig rig = new PipelineRig().Inbound("a", "a@x", ("Core-UUID", "1"), ("FreeSWITCH-Switchname", "one")).Inbound("b", "b@x", ("Core-UUID", "2"), ("FreeSWITCH-Switchname", "two"));

        Assert.Equal(["one", "two"], rig.Pipeline.Switches.Select(found => found.Name));
    }
}
