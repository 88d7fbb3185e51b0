using System.Net;
using System.Text;
using System.Text.Json;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;
using HepBridge.Tests.Hep;

namespace HepBridge.Tests.Collector;

public sealed class PrinterTests
{
    private static readonly HepSender _sender = new(new IPEndPoint(IPAddress.Loopback, 4242), SenderTransport.Tcp);

    [Fact]
    public void A_packet_is_printed_as_a_headline_and_its_payload()
    {
        HepPacket packet = HepExamples.Full();
        packet.Seconds = 1795305319;
        packet.Microseconds = 714;
        Assert.Equal(
            """
            2026-11-21T23:55:19.000714Z  LOG (100)  192.0.2.10:5060 → 192.0.2.20:65535 TCP  capture id 4275878552 (edge-1)  call a1b2@192.0.2.10  [by TCP]
                CREATE 1001 → 1002


            """,
            Text(HepPackets.Encode(packet)));
    }

    [Fact]
    public void A_missing_address_is_not_0_0_0_0()
    {
        HepPacket packet = HepExamples.Full();
        packet.Source = HepAddress.FromIPv4(0);
        byte[] sent = HepPackets.Encode(packet);
        Assert.Contains("  0.0.0.0:5060 → 192.0.2.20:65535 ", Text(sent), StringComparison.Ordinal);
        byte[] lacking = HepExamples.Packet([HepExamples.Chunk(HepChunk.PayloadType, [1]), HepExamples.Chunk(HepChunk.DestinationPort, [0x13, 0xc4])]);
        Assert.Contains("  no address:0 → no address:5060 ", Text(lacking), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(Json(lacking));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("src_ip").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("dst_ip").ValueKind);
        Assert.Equal("0.0.0.0", JsonDocument.Parse(Json(sent)).RootElement.GetProperty("src_ip").GetString());
    }

    [Fact]
    public void Packets_from_a_file_have_no_transport()
    {
        HepSender file = new(new IPEndPoint(IPAddress.None, 0), SenderTransport.File);
        Assert.DoesNotContain("by TCP", Text(HepPackets.Encode(HepExamples.Full()), file), StringComparison.Ordinal);
        Assert.Contains("\"transport\":\"file\"", Json(HepPackets.Encode(HepExamples.Full()), file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_SIP_message_is_printed_line_by_line()
    {
        string[] lines = Text(HepPackets.Sofia[0]).Split('\n');
        Assert.Contains("  SIP (1)  10.99.0.11:5060 → 10.99.0.1:5060 UDP  capture id 100", lines[0], StringComparison.Ordinal);
        Assert.Equal("    REGISTER sip:10.99.0.1 SIP/2.0", lines[1]);
        Assert.StartsWith("    Via: SIP/2.0/UDP", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\r', string.Concat(lines));
    }

    [Fact]
    public void JSON_is_indented_with_short_parts_on_one_line()
    {
        const string json = """{"type":200,"ssrc":1234567890,"sender_information":{"packets":500,"octets":80000,"rtp_timestamp":160000},"report_blocks":[{"source_ssrc":7,"fraction_lost":0,"text":"a,b:{\"[\\"}]}""";
        string[] lines = Text(Packet(json)).Split('\n');
        Assert.Equal("    {", lines[1]);
        Assert.Equal("      \"type\": 200,", lines[2]);
        Assert.Equal("      \"sender_information\": {\"packets\": 500, \"octets\": 80000, \"rtp_timestamp\": 160000},", lines[4]);
        Assert.Equal("      \"report_blocks\": [{\"source_ssrc\": 7, \"fraction_lost\": 0, \"text\": \"a,b:{\\\"[\\\\\"}]", lines[5]);
        Assert.Equal("    }", lines[6]);
        using JsonDocument read = JsonDocument.Parse(string.Concat(lines[1..]));
        Assert.Equal(json, Compact(read.RootElement.GetRawText()));
    }

    [Theory]
    [InlineData("a\u001b[2Jb", "a\\x1b[2Jb")]
    [InlineData("a\rb", "a\\x0db")]
    [InlineData("a\u0007\u0000\u007f", "a\\x07\\x00\\x7f")]
    [InlineData("a\u009b2Jb", "a\\u{9b}2Jb")]
    [InlineData("a\u202eb\u2028", "a\\u{202e}b\\u{2028}")]
    [InlineData("Ärger 日本 🎧\tx", "Ärger 日本 🎧\tx")]
    [InlineData("{\"a\":\"\u009b2J\u202e\"}", "{\"a\": \"\\u009b2J\\u202e\"}")]
    [InlineData("{\"a\":\"\\u001b[2J\"}", "{\"a\": \"\\u001b[2J\"}")]
    public void Control_characters_are_escaped(string payload, string expected)
    {
        Assert.Equal("    " + expected, Text(Packet(payload)).Split('\n')[1]);
    }

    [Fact]
    public void No_bytes_can_control_the_terminal()
    {
        Random random = new(77);
        byte[] bytes = new byte[300];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            HepPacket packet = HepExamples.Full();
            packet.Payload = bytes;
            packet.CorrelationId = bytes.AsSpan(0, 40);
            packet.NodeName = bytes.AsSpan(40, 20);
            byte[] encoded = HepPackets.Encode(packet);
            Assert.DoesNotContain(Text(encoded), c => char.IsControl(c) && c is not ('\n' or '\t'));
            string line = Json(encoded);
            Assert.DoesNotContain(line[..^1], char.IsControl);
            using JsonDocument read = JsonDocument.Parse(line);
            Assert.Equal(bytes, read.RootElement.GetProperty("payload_base64").GetBytesFromBase64());
        }
    }

    [Fact]
    public void Mutated_JSON_remains_one_valid_line()
    {
        Random random = new(78);
        byte[] seed = Encoding.UTF8.GetBytes("{\"a\" : [1,2.5e3, -0 ,{ \"b\\u00e9\\\"\":\"\u009b\u202eÄ🎧\\\\\" }], \"c\":null,\t\"d\":[ ],\r\n\"e\":{}}");
        int parsed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. seed];
            for (int edits = random.Next(3); edits > 0; edits--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? seed[random.Next(seed.Length)] : (byte)random.Next(256);
            }

            byte[] encoded = Packet(bytes);
            string line = Json(encoded);
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            Assert.DoesNotContain(line[..^1], char.IsControl);
            using JsonDocument read = JsonDocument.Parse(line);
            if (read.RootElement.TryGetProperty("payload_json", out JsonElement value))
            {
                parsed++;
                using JsonDocument original = JsonDocument.Parse(bytes);
                Assert.True(JsonElement.DeepEquals(original.RootElement, value));
            }

            Assert.DoesNotContain(Text(encoded), c => char.IsControl(c) && c is not ('\n' or '\t'));
        }

        Assert.InRange(parsed, 5000, 19_999);
    }

    [Fact]
    public void A_JSON_line_contains_every_field()
    {
        HepPacket packet = HepExamples.Full();
        packet.PayloadType = HepPayloadType.MosShort;
        packet.Payload = "{ \"MOS\": 4.40 }"u8;
        packet.Seconds = 1795305319;
        Assert.Equal(
            """{"time":"2026-11-21T23:55:19.999999Z","type":35,"type_name":"QOS","src_ip":"192.0.2.10","src_port":5060,"dst_ip":"192.0.2.20","dst_port":65535,"protocol":6,"capture_id":4275878552,"node_name":"edge-1","correlation_id":"a1b2@192.0.2.10","payload":"{ \"MOS\": 4.40 }","payload_json":{"MOS":4.40},"transport":"tcp"}""" + "\n",
            Json(HepPackets.Encode(packet)));
    }

    [Fact]
    public void The_authentication_key_is_never_printed()
    {
        byte[] bytes = HepPackets.Encode(HepExamples.Full());
        Assert.DoesNotContain("the key", Text(bytes), StringComparison.Ordinal);
        Assert.DoesNotContain("the key", Json(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_without_payload_differs_from_a_compressed_one()
    {
        byte[] type = HepExamples.Chunk(HepChunk.PayloadType, [77]);
        Assert.Contains("TYPE 77 (77)  no address:0 → no address:0 protocol 0", Text(HepExamples.Packet([type])), StringComparison.Ordinal);
        Assert.Contains("    (no payload)\n", Text(HepExamples.Packet([type])), StringComparison.Ordinal);
        Assert.Contains("(a compressed payload of 3 bytes)", Text(HepExamples.Packet([type, HepExamples.Chunk(HepChunk.CompressedPayload, [1, 2, 3])])), StringComparison.Ordinal);
    }

    private static byte[] Packet(string payload) => Packet(Encoding.UTF8.GetBytes(payload));

    private static byte[] Packet(byte[] payload) => HepPackets.Encode(new HepPacket { PayloadType = HepPayloadType.Rtcp, Payload = payload });

    private static string Compact(string json)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        Assert.True(CompactJson.TryWrite(Encoding.UTF8.GetBytes(json), output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Text(byte[] bytes, HepSender? sender = null) => Print(bytes, sender, output => new TextPrinter(output));

    private static string Json(byte[] bytes, HepSender? sender = null) => Print(bytes, sender, output => new JsonPrinter(output));

    private static string Print(byte[] bytes, HepSender? sender, Func<TextWriter, IPacketPrinter> create)
    {
        StringWriter output = new();
        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        create(output).Print(packet, bytes, sender ?? _sender);
        return output.ToString();
    }
}
