using System.Globalization;
using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.Hep;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Pipeline;

/// <summary>Recorded event socket streams through the pipeline, compared with the endpoints, the CDRs and the wire of the same calls.</summary>
public class CapturedCallsTests
{
    private static readonly string[] _callEvents =
    [
        "CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE",
        "CHANNEL_DESTROY", "DTMF",
    ];

    public static TheoryData<string> Streams => ["esl-plain.bin.gz", "esl-json.bin.gz", "esl-narrow.bin.gz"];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_call_event_of_a_leg_is_reported_once_with_that_legs_own_call_id(string stream)
    {
        PipelineRig rig = new PipelineRig().Feed(EslCapture.Read(stream));

        foreach (TrueLeg leg in CaptureTruth.Legs.Where(leg => leg.CallId is not null))
        {
            List<CollectedPacket> ofLeg = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Log && packet.Field("uuid") == leg.UniqueId)];
            Assert.All(ofLeg, packet => Assert.Equal(leg.CallId, packet.CallId));
            Assert.All(ofLeg, packet => Assert.Equal(leg.CallId, packet.Field("callid")));
            foreach (string name in _callEvents)
            {
                string state = name.Replace("CHANNEL_", "", StringComparison.Ordinal);
                Assert.Equal(leg.Events.GetValueOrDefault(name), ofLeg.Count(packet => packet.State() == state));
            }
        }

        HashSet<string> known = [.. CaptureTruth.Legs.Select(leg => leg.CallId).OfType<string>(), .. CaptureTruth.RegistrationCallIds];
        Assert.All(rig.Packets, packet => Assert.True(known.Contains(packet.CallId) || packet.CallId == CaptureTruth.RefusedCallId, packet.Payload));
        Assert.True(rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_log_line_carries_its_events_own_time(string stream)
    {
        byte[] recorded = EslCapture.Read(stream);
        HashSet<(string Sequence, long Time)> times = RecordedEvents.Times(recorded);
        PipelineRig rig = new PipelineRig().Feed(recorded);

        List<CollectedPacket> lines = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Log && packet.Field("seq") is not null)];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains((line.Field("seq")!, line.Microseconds), times));
        Assert.All(lines, line => Assert.Equal(
            DateTime.UnixEpoch.AddMicroseconds(line.Microseconds),
            DateTimeOffset.Parse(line.Field("time")!, CultureInfo.InvariantCulture).UtcDateTime));
        Assert.Equal(0, rig.Pipeline.Counters.TimeReplaced);
        Assert.Equal(0, rig.Pipeline.Counters.TimeUnreadable);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_rtcp_report_has_the_values_on_the_wire(string stream)
    {
        PipelineRig rig = new PipelineRig().Feed(EslCapture.Read(stream));
        List<CollectedPacket> reports = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Rtcp)];
        List<WireRtcp> left = [.. CaptureTruth.Rtcp];

        Assert.Equal(CaptureTruth.Legs.Sum(leg => leg.Events.GetValueOrDefault("RECV_RTCP_MESSAGE") + leg.Events.GetValueOrDefault("SEND_RTCP_MESSAGE")), reports.Count);
        foreach (CollectedPacket report in reports)
        {
            JsonElement json = report.Json();
            int index = left.FindIndex(wire => IsSame(wire, report, json));
            Assert.True(index >= 0, $"{report.CallId} {report.Source}:{report.SourcePort} → {report.Destination}:{report.DestinationPort} {report.Payload}");
            WireRtcp found = left[index];
            left.RemoveAt(index);
            Assert.InRange((report.Microseconds / 1e6) - found.Time, -0.5, 8);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_leg_with_media_has_one_quality_report(string stream)
    {
        PipelineRig rig = new PipelineRig().Feed(EslCapture.Read(stream));
        List<CollectedPacket> reports = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.MosShort)];

        foreach (TrueLeg leg in CaptureTruth.Legs.Where(leg => leg.CallId is not null))
        {
            List<CollectedPacket> ofLeg = [.. reports.Where(packet => packet.CallId == leg.CallId)];
            Assert.Equal(leg.Mos is null ? 0 : 1, ofLeg.Count);
            if (leg.Mos is not null)
            {
                JsonElement json = ofLeg[0].Json();
                Assert.Equal(double.Parse(leg.Mos, CultureInfo.InvariantCulture), json.GetProperty("MOS").GetDouble());
                Assert.Equal(leg.CallId, json.GetProperty("CORRELATION_ID").GetString());
                Assert.Equal(ofLeg[0].Source, json.GetProperty("SRC_IP").GetString());
                Assert.Equal(ofLeg[0].DestinationPort, json.GetProperty("DST_PORT").GetInt32());
                Assert.Equal(ofLeg[0].Microseconds / 1e6, json.GetProperty("REPORT_TS").GetDouble(), 0.000_001);
            }
        }

        Assert.Equal(CaptureTruth.Legs.Count(leg => leg.Mos is not null && leg.CallId is not null), reports.Count);
    }

    [Fact]
    public void Plain_and_json_streams_of_the_same_calls_give_the_same_packets()
    {
        List<CollectedPacket> plain = new PipelineRig().Feed(EslCapture.Read("esl-plain.bin.gz")).Packets;

        // A literal %2B in a channel's name: plain events cannot distinguish it from an encoded plus, JSON events can.
        List<CollectedPacket> json =
        [
            .. new PipelineRig().Feed(EslCapture.Read("esl-json.bin.gz")).Packets
                .Select(packet => packet with { Payload = packet.Payload.Replace("%2B", "+", StringComparison.Ordinal) }),
        ];

        Assert.Empty(plain.Except(json));
        Assert.Empty(json.Except(plain));
        Assert.Equal(plain.Count, json.Count);
    }

    [Fact]
    public void Registrations_have_the_call_id_of_their_register()
    {
        PipelineRig rig = new PipelineRig().Feed(EslCapture.Read("esl-plain.bin.gz"));
        List<CollectedPacket> registrations = [.. rig.Packets.Where(packet => packet.State() is "REGISTER" or "UNREGISTER")];

        Assert.Equal(13, registrations.Count);
        Assert.All(registrations, packet => Assert.Contains(packet.CallId, CaptureTruth.RegistrationCallIds));
        Assert.All(registrations, packet => Assert.Contains("fs-alpha", packet.Payload, StringComparison.Ordinal));
        Assert.All(registrations, packet => Assert.Equal("10.99.0.1", packet.Source));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Failed_registrations_have_the_call_id_of_their_register(string stream)
    {
        PipelineRig rig = new PipelineRig().Feed(EslCapture.Read(stream));
        List<CollectedPacket> failures = [.. rig.Packets.Where(packet => packet.State() == "REGISTER_FAILURE")];

        Assert.Equal(["76d239870026@10.99.0.11", "7cc74472@10.99.0.11", CaptureTruth.RefusedCallId], failures.Select(packet => packet.CallId));
        Assert.Equal(["REGISTER", "REGISTER", "INVITE"], failures.Select(packet => packet.Field("type")));
        Assert.StartsWith("REGISTER_FAILURE 1999@10.99.0.1 on fs-alpha; network=10.99.0.11:5060 ", failures[1].Payload, StringComparison.Ordinal);
        Assert.Equal(0, rig.Pipeline.Counters.UncorrelatedFor(HepBridge.Diagnostics.UncorrelatedReason.RegistrationUnmatched));
    }

    [Fact]
    public void The_switchs_log_lines_have_the_call_id_of_their_channel()
    {
        PipelineRig rig = new PipelineRig(new ReportOptions { LogEvents = true, LogLevel = 5, CallEvents = false })
            .Feed(EslCapture.Read("esl-log.bin.gz"));
        Dictionary<string, string?> callIds = CaptureTruth.Legs.ToDictionary(leg => leg.UniqueId, leg => leg.CallId);
        List<CollectedPacket> lines = [.. rig.Packets.Where(packet => packet.Type == HepPayloadType.Log)];

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(callIds[line.Field("uuid")!], line.CallId));
        Assert.All(lines, line => Assert.DoesNotContain("[DEBUG]", line.Payload, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.StartsWith(
            DateTime.UnixEpoch.AddMicroseconds(line.Microseconds).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture), line.Payload, StringComparison.Ordinal));
    }

    [Fact]
    public void Channels_without_sip_are_counted_and_not_reported()
    {
        PipelineRig rig = new PipelineRig().Feed(EslCapture.Read("esl-plain.bin.gz"));
        HashSet<string> loopback = [.. CaptureTruth.Legs.Where(leg => leg.CallId is null).Select(leg => leg.UniqueId)];

        Assert.NotEmpty(loopback);
        Assert.DoesNotContain(rig.Packets, packet => packet.Field("uuid") is { } uuid && loopback.Contains(uuid));
        Assert.True(rig.Pipeline.Counters.UncorrelatedFor(HepBridge.Diagnostics.UncorrelatedReason.NotSip) > 0);
    }

    [Fact]
    public void Channels_without_sip_are_reported_by_uuid_if_configured()
    {
        PipelineRig rig = new PipelineRig(calls: new CallOptions { CorrelateNonSip = true }).Feed(EslCapture.Read("esl-plain.bin.gz"));

        foreach (TrueLeg leg in CaptureTruth.Legs.Where(leg => leg.CallId is null))
        {
            Assert.Contains(rig.Packets, packet => packet.CallId == leg.UniqueId && packet.State() == "CREATE");
        }
    }

    private static bool IsSame(WireRtcp wire, CollectedPacket report, JsonElement json)
    {
        JsonElement real = wire.Report;
        bool isSender = real.GetProperty("pt").GetInt32() == 200;
        if (wire.CallId != report.CallId
            || wire.Source != EndPoint(report.Source, report.SourcePort)
            || wire.Destination != EndPoint(report.Destination, report.DestinationPort)
            || real.GetProperty("pt").GetInt32() != json.GetProperty("type").GetInt32()
            || Hex(real.GetProperty("ssrc")) != json.GetProperty("ssrc").GetUInt32()
            || real.GetProperty("count").GetInt32() != json.GetProperty("report_count").GetInt32())
        {
            return false;
        }

        if (isSender)
        {
            JsonElement sender = json.GetProperty("sender_information");
            if (real.GetProperty("ntp_msw").GetUInt32() != sender.GetProperty("ntp_timestamp_sec").GetUInt32()
                || real.GetProperty("ntp_lsw").GetUInt32() != sender.GetProperty("ntp_timestamp_usec").GetUInt32()
                || real.GetProperty("rtp_ts").GetUInt32() != sender.GetProperty("rtp_timestamp").GetUInt32()
                || real.GetProperty("packets").GetUInt32() != sender.GetProperty("packets").GetUInt32()
                || real.GetProperty("octets").GetUInt32() != sender.GetProperty("octets").GetUInt32())
            {
                return false;
            }
        }

        JsonElement[] blocks = [.. real.GetProperty("blocks").EnumerateArray()];
        JsonElement[] reported = [.. json.GetProperty("report_blocks").EnumerateArray()];
        return blocks.Length == reported.Length && blocks.Zip(reported).All(pair =>
            Hex(pair.First.GetProperty("ssrc")) == pair.Second.GetProperty("source_ssrc").GetUInt32()
            && pair.First.GetProperty("fraction").GetInt32() == pair.Second.GetProperty("fraction_lost").GetInt32()
            && pair.First.GetProperty("lost").GetInt32() == pair.Second.GetProperty("packets_lost").GetInt32()
            && pair.First.GetProperty("highest_seq").GetUInt32() == pair.Second.GetProperty("highest_seq_no").GetUInt32()
            && pair.First.GetProperty("jitter").GetUInt32() == pair.Second.GetProperty("ia_jitter").GetUInt32()
            && pair.First.GetProperty("lsr").GetUInt32() == pair.Second.GetProperty("lsr").GetUInt32()
            && pair.First.GetProperty("dlsr").GetUInt32() == pair.Second.GetProperty("dlsr").GetUInt32());
    }

    private static uint Hex(JsonElement value) => Convert.ToUInt32(value.GetString(), 16);

    private static string EndPoint(string address, int port) => $"{address}:{port}";
}
