using System.IO.Pipelines;
using System.Text;
using HepBridge.Collector.Payloads;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Hep;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Hep;

namespace HepBridge.Tests.Collector;

/// <summary>Packets as other agents send them: without a clock, without addresses, with SIP straight from a stream.</summary>
public sealed class ForeignPacketTests
{
    // The clock starts at ViewerPackets.Start.
    private readonly ManualTime _time = new();
    private readonly CallStore _store;

    public ForeignPacketTests()
    {
        _store = new(new CallStoreOptions { TimeProvider = _time });
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, 500_000u)]
    [InlineData(86_400u, 0u)]
    [InlineData(946_684_799u, 0u)]
    [InlineData(2_608_623_722u, 1_059_783_936u)]
    [InlineData(ViewerPackets.Start + 2_208_988_800u, 7u)]
    [InlineData(uint.MaxValue, 999_999u)]
    [InlineData(ViewerPackets.Start + 86_411u, 0u)]
    [InlineData(ViewerPackets.Start, 2_490_086_525u)]
    [InlineData(ViewerPackets.Start, 1_000_000u)]
    public void An_impossible_time_is_replaced_by_the_time_of_arrival_and_counted(uint second, uint microsecond)
    {
        _store.Add(ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0"));
        _store.Add(ViewerPackets.Sip("SIP/2.0 200 OK"));
        _time.Advance(TimeSpan.FromSeconds(10));
        _store.Add(ViewerPackets.Make(HepPayloadType.Rtcp, """{"type":200,"report_blocks":[{"source_ssrc":1,"fraction_lost":64}]}""", second: second, microsecond: microsecond));

        CallRow call = ViewerPackets.Only(_store);
        Assert.Equal((10_000_000L, 1L), (call.Duration, _store.Status().ImpossibleTimes));
        CallDetail detail = ViewerPackets.View(_store).Detail(call.Id)!;
        PacketRow last = detail.Packets[^1];
        Assert.Equal((ViewerPackets.Start + 10) * 1_000_000L, last.Time);
        Assert.Equal([false, false, true], detail.Packets.Select(p => p.TimeIsArrival));
        Assert.Equal(last.Time, Assert.Single(Assert.Single(detail.Streams).Points).Time);
        Assert.True(ViewerPackets.View(_store).Packet(call.Id, last.Number)!.TimeIsArrival);
    }

    [Theory]
    [InlineData(946_684_800u)]
    [InlineData(ViewerPackets.Start - (365 * 86_400))]
    [InlineData(ViewerPackets.Start + 86_400u)]
    public void A_plausible_time_is_kept(uint second)
    {
        _store.Add(ViewerPackets.Event("text", second: second));
        Assert.Equal((second * 1_000_000L, 0L), (ViewerPackets.Only(_store).First, _store.Status().ImpossibleTimes));
    }

    [Fact]
    public async Task In_a_file_an_impossible_time_is_replaced_by_the_previous_packets()
    {
        const uint then = ViewerPackets.Start - 1_000_000;
        byte[] file =
        [
            .. ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0", second: then),
            .. ViewerPackets.Sip("SIP/2.0 200 OK", second: then + 5),
            .. ViewerPackets.Make(HepPayloadType.Rtcp, "{}", second: 0),
            .. ViewerPackets.Make(HepPayloadType.Rtcp, "{}", second: 4_000_000_000),
        ];
        Assert.Equal((4, 0, null), await new StreamImport(_store, allowed: true).ReadAsync(PipeReader.Create(new MemoryStream(file)), TestContext.Current.CancellationToken));
        CallRow call = ViewerPackets.Only(_store);
        Assert.Equal((then * 1_000_000L, (then + 5) * 1_000_000L, 2L), (call.First, call.Last, _store.Status().ImpossibleTimes));
    }

    [Fact]
    public void A_missing_address_is_empty()
    {
        byte[] call = HepExamples.Chunk(HepChunk.CorrelationId, "a@h"u8.ToArray());
        byte[] type = HepExamples.Chunk(HepChunk.PayloadType, [100]);
        byte[] time = HepExamples.Chunk(HepChunk.TimestampSeconds, [0x6b, 0x02, 0x2f, 0x94]);
        byte[] from = HepExamples.Chunk(HepChunk.SourceIPv4, [192, 0, 2, 1]);
        byte[] payload = HepExamples.Chunk(HepChunk.Payload, "text"u8.ToArray());
        Assert.True(_store.Add(HepExamples.Packet([call, type, time, payload])));
        Assert.True(_store.Add(HepExamples.Packet([call, type, time, from, payload])));
        Assert.True(_store.Add(HepExamples.Packet([call, type, time, from, HepExamples.Chunk(HepChunk.DestinationIPv4, new byte[4]), payload])));
        Assert.True(_store.Add(HepExamples.Packet([call, type, time, HepExamples.Chunk(HepChunk.SourceIPv6, new byte[16]), payload])));

        CallRow row = ViewerPackets.Only(_store);
        Assert.Equal((string.Empty, string.Empty), (row.Source, row.Destination));
        IReadOnlyList<PacketRow> packets = ViewerPackets.View(_store).Detail(row.Id)!.Packets;
        Assert.Equal([string.Empty, "192.0.2.1", "192.0.2.1", string.Empty], packets.Select(p => p.Source));
        Assert.All(packets, p => Assert.Empty(p.Destination));
        Assert.Equal(string.Empty, ViewerPackets.View(_store).Packet(row.Id, 1)!.Source);
        Assert.Equal(0, ViewerPackets.Find(_store, "0.0.0.0").Matching);
    }

    [Theory]
    [InlineData("\r\nINVITE sip:x SIP/2.0\r\nCall-ID: a@h\r\n\r\n", "a@h")]
    [InlineData("\r\n\r\n\nINVITE sip:x SIP/2.0\r\nCall-ID: a@h\r\n\r\n", "a@h")]
    [InlineData("INVITE sip:x SIP/2.0\r\nCall-ID:\r\n a@h\r\nFrom: <sip:1@h>\r\n\r\n", "a@h")]
    [InlineData("INVITE sip:x SIP/2.0\r\ni:\r\n\t \r\n\ta@h\r\n\r\n", "a@h")]
    [InlineData("INVITE sip:x SIP/2.0\nCall-ID:\n  a@h\n\n", "a@h")]
    [InlineData("INVITE sip:x SIP/2.0\r\nSubject: x\r\n Call-ID: no@h\r\nCall-ID: a@h\r\n\r\n", "a@h")]
    [InlineData("INVITE sip:x SIP/2.0\r\nCall-ID: a@h \0\r\n\r\n", "a@h")]
    public void Sip_after_a_line_break_or_with_a_folded_Call_ID_is_read(string payload, string expected)
    {
        Assert.True(SipMessage.TryParse(Encoding.UTF8.GetBytes(payload), out SipMessage message));
        Assert.Equal(expected, message.CallId);
    }

    [Fact]
    public void A_folded_From_is_read_completely()
    {
        Assert.True(SipMessage.TryParse("INVITE sip:x SIP/2.0\r\nCall-ID: a@h\r\nFrom: \"A long name\"\r\n <sip:1000@h>;tag=1\r\n\r\n"u8, out SipMessage message));
        Assert.Equal("1000", message.From);
    }

    [Theory]
    [InlineData(257)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(9000)]
    public void Sip_and_reports_with_a_long_Call_ID_match(int length)
    {
        string callId = new('x', length);
        Assert.True(_store.Add(ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0", callId)));
        Assert.True(_store.Add(ViewerPackets.Event("text", callId)));
        Assert.True(_store.Add(ViewerPackets.Event("text", callId[1..] + "y")));
        Assert.True(_store.Add(ViewerPackets.Sip("INVITE sip:1001@h SIP/2.0", "b@h", more: $"X-CID: {callId}\r\n")));
        CallRow[] calls = [.. ViewerPackets.Find(_store).Calls.OrderBy(c => c.Id)];
        Assert.Equal([3, 1], calls.Select(c => c.Packets));
        Assert.Equal([2, 1], calls.Select(c => c.Legs.Count));
        Assert.StartsWith("xxx", calls[0].Legs[0].CallId, StringComparison.Ordinal);
        Assert.InRange(calls[0].Legs[0].CallId.Length, 200, CallIds.MaxLength);
    }

    [Fact]
    public void A_Call_ID_sent_with_its_terminator_is_the_same_Call_ID()
    {
        _store.Add(ViewerPackets.Event("text", "a@h"));
        _store.Add(ViewerPackets.Event("text", "a@h\0\n"));
        _store.Add(ViewerPackets.Event("text", " a@h\r\n"));
        Assert.Equal(3, ViewerPackets.Only(_store).Packets);
    }

    [Fact]
    public void Long_names_count_towards_a_calls_memory()
    {
        _store.Add(ViewerPackets.Event("text", new string('x', 1000)));
        Assert.InRange(_store.Status().Bytes, Leg.Overhead + 3000, Leg.Overhead + 4000);
    }
}
