using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Outputs;
using HepBridge.Reports;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Pipeline;

/// <summary>Payloads built by inputs: lines and messages of one call, and whole packets.</summary>
public class ReadyPayloadTests
{
    [Fact]
    public void A_line_with_a_call_id_becomes_a_log_packet_of_that_call()
    {
        PipelineRig rig = new();
        Line(rig, "caf\u00e9\nsecond\n", callId: "a@x", tail: "; tag=app");
        CollectedPacket packet = Assert.Single(rig.Packets);
        Assert.Equal((HepPayloadType.Log, "a@x", "127.0.0.1", 0), (packet.Type, packet.CallId, packet.Source, packet.SourcePort));
        Assert.StartsWith("caf\u00e9\nsecond; tag=app; callid=a@x time=", packet.Payload, StringComparison.Ordinal);
        AssertReported(rig, 1);
    }

    [Fact]
    public void A_line_of_a_known_channel_is_sent_at_once_with_its_call_id_and_address()
    {
        PipelineRig rig = new PipelineRig().Inbound("u-1", "a@x", ("variable_sip_local_network_addr", "10.0.0.9"));
        rig.Packets.Clear();
        Line(rig, "hello", uuid: "u-1");
        CollectedPacket packet = Assert.Single(rig.Packets);
        Assert.Equal(("a@x", "10.0.0.9"), (packet.CallId, packet.Source));
        Assert.StartsWith("hello; callid=a@x uuid=u-1 time=", packet.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_an_outbound_leg_are_held_among_its_events_and_sent_in_order()
    {
        PipelineRig rig = new PipelineRig().Outbound("u-1");
        Line(rig, "one", uuid: "u-1", at: rig.Now());
        rig.Sip("CHANNEL_ORIGINATE", "u-1");
        Line(rig, "two", uuid: "u-1");
        Assert.Empty(rig.Packets);
        rig.Advance(3).Sip("CHANNEL_PROGRESS", "u-1", ("variable_sip_call_id", "b@x"));
        Assert.Equal(["CREATE", "one;", "two;", "PROGRESS"], rig.States("b@x"));
        Assert.Equal(rig.Packets[0].Microseconds, rig.Packets[1].Microseconds);
        AssertReported(rig, 4);
        Assert.Equal(3, rig.Pipeline.Counters.ReportedAfterHold);
    }

    [Fact]
    public void Lines_before_any_event_of_their_channel_are_held()
    {
        PipelineRig rig = new();
        Line(rig, "early", uuid: "u-1");
        Line(rig, "other", uuid: "u-2");
        Assert.Equal(2, rig.Pipeline.Counters.Held);
        rig.Inbound("u-1", "a@x");
        Assert.Equal(["early;", "CREATE"], rig.States("a@x"));
        rig.Outbound("u-2").Sip("CHANNEL_PROGRESS", "u-2", ("variable_sip_call_id", "b@x"));
        Assert.Equal(["other;", "CREATE", "PROGRESS"], rig.States("b@x"));
        rig.Advance(0);
        Assert.Equal((2, 2), (rig.Pipeline.Counters.Legs, rig.Pipeline.Counters.LegsSeen));
        AssertReported(rig, 5);
    }

    [Fact]
    public void Lines_of_a_channel_that_never_appears_expire_without_a_trace()
    {
        PipelineRig rig = new(calls: new CallOptions { HoldTotal = 2, HoldPerLeg = 2 });
        foreach (string uuid in (string[])["u-1", "u-1", "u-1", "u-2"])
        {
            Line(rig, "lost", uuid: uuid);
        }

        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldLegFull));
        Assert.Equal(1, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.HoldFull));
        Assert.Equal(2, rig.Pipeline.Counters.Held);
        rig.Advance(121);
        Assert.Equal(2, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.OlderThanAgent));
        Assert.Equal((0, 0), (rig.Pipeline.Counters.Legs, rig.Pipeline.Counters.Held));
        AssertReported(rig, 0);
    }

    [Fact]
    public void A_held_message_keeps_its_type_bytes_and_addresses()
    {
        PipelineRig rig = new PipelineRig().Outbound("u-1");
        rig.Packets.Clear();
        byte[] sip = "INVITE sip:1000@10.0.0.1 SIP/2.0\r\n\r\n"u8.ToArray();
        Process(rig, new ReadyPayload
        {
            Type = HepPayloadType.Sip,
            Kind = PacketKind.Sip,
            Form = PayloadForm.Message,
            ChannelUuid = "u-1"u8,
            UnixMicroseconds = rig.Now() - 5,
            Source = HepAddress.FromIPv4(0x0a000001),
            SourcePort = 5060,
            Destination = HepAddress.FromIPv4(0x0a000002),
            DestinationPort = 5080,
            Payload = sip,
        });
        long now = rig.Now();
        rig.Sip("CHANNEL_PROGRESS", "u-1", ("variable_sip_call_id", "b@x"));
        CollectedPacket packet = rig.Packets[1];
        Assert.Equal(
            (HepPayloadType.Sip, "b@x", "10.0.0.1", 5060, "10.0.0.2", 5080, now - 5),
            (packet.Type, packet.CallId, packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort, packet.Microseconds));
        Assert.Equal(Encoding.ASCII.GetString(sip), packet.Payload);
        Assert.Equal(1, rig.Pipeline.Counters.SipPackets);
    }

    [Theory]
    [InlineData(nameof(PayloadForm.Text), 1)]
    [InlineData(nameof(PayloadForm.Message), 1)]
    [InlineData(nameof(PayloadForm.Json), 0)]
    public void Overlong_text_is_truncated_and_overlong_json_dropped(string form, int packets)
    {
        PipelineRig rig = new(new ReportOptions { MaxPacket = 1_000 });
        Process(rig, new ReadyPayload { Type = HepPayloadType.Log, Form = Enum.Parse<PayloadForm>(form), CallId = "a@x"u8, Payload = Encoding.ASCII.GetBytes(new string('x', 5_000)), Tail = "; tag=app"u8 });
        Assert.Equal(packets, rig.Packets.Count);
        Assert.All(rig.Packets, packet => Assert.Contains("bytes cut]", packet.Payload, StringComparison.Ordinal));
        Assert.Equal(form == nameof(PayloadForm.Text), rig.Packets.Exists(packet => packet.Payload.Contains("; tag=app; callid=a@x time=", StringComparison.Ordinal)));
        Assert.Equal((packets, 1 - packets), (rig.Pipeline.Counters.PacketsCut, rig.Pipeline.Counters.PacketsTooLarge));
    }

    [Fact]
    public void A_payload_without_a_usable_id_is_counted()
    {
        PipelineRig rig = new();
        Line(rig, "nobody's");
        Line(rig, "long", uuid: new string('u', 257));
        Line(rig, "long", callId: new string('c', 1_025));
        Assert.Equal(3, rig.Pipeline.Counters.UncorrelatedFor(UncorrelatedReason.NoLeg));
        AssertReported(rig, 0);
    }

    [Fact]
    public void A_whole_packet_is_passed_on_unchanged()
    {
        PipelineRig rig = new();
        byte[] packet = TestPackets.Make(7);
        byte[]? passed = null;
        rig.Pipeline.Outputs = [new LastPacket(bytes => passed = bytes)];
        lock (rig.Pipeline.Gate)
        {
            rig.Pipeline.ProcessPacket(packet, PacketKind.Sip, rig.Input);
            rig.Pipeline.EndBatch();
        }

        Assert.Equal(packet, passed);
        Assert.Equal((1, 1), (rig.Pipeline.Counters.SipPackets, rig.Input.Received));
        AssertReported(rig, 1);
    }

    [Fact]
    public void Data_filtered_by_the_input_is_counted()
    {
        PipelineRig rig = new();
        rig.Pipeline.CountFiltered(rig.Input);
        Assert.Equal((1, 1), (rig.Pipeline.Counters.Filtered, rig.Input.Received));
        AssertReported(rig, 0);
    }

    private static void Line(PipelineRig rig, string text, string callId = "", string uuid = "", string tail = "", long at = 0) => Process(rig, new ReadyPayload
    {
        Type = HepPayloadType.Log,
        CallId = Encoding.UTF8.GetBytes(callId),
        ChannelUuid = Encoding.UTF8.GetBytes(uuid),
        UnixMicroseconds = at,
        Payload = Encoding.UTF8.GetBytes(text),
        Tail = Encoding.UTF8.GetBytes(tail),
    });

    private static void Process(PipelineRig rig, scoped in ReadyPayload payload)
    {
        lock (rig.Pipeline.Gate)
        {
            rig.Pipeline.ProcessPayload(payload, rig.Input);
            rig.Pipeline.EndBatch();
        }
    }

    private static void AssertReported(PipelineRig rig, long reported)
    {
        Assert.True(rig.Pipeline.Counters.AreConserved);
        Assert.Equal(reported, rig.Pipeline.Counters.Reported);
    }

    private sealed class LastPacket(Action<byte[]> take) : IOutput
    {
        public string Name => "last";

        public OutputCounters Counters { get; } = new();

        public void Offer(ReadOnlySpan<byte> packet, PacketKind kind) => take(packet.ToArray());

        public void Flush()
        {
        }

        public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
