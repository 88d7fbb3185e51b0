using System.Net;
using System.Text;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;
using HepBridge.Tests.Hep;

namespace HepBridge.Tests.Collector;

/// <summary>What <c>listen</c> says about bytes that are not a HEP3 packet.</summary>
public sealed class MalformedTextTests
{
    public static TheoryData<string, string> OtherProtocols => new()
    {
        { "0110021113c413c4c000020ac0000201494e56495445", "this is HEP 1; send HEP 3" },
        { "0210021113c413c4c000020ac00002010c1f086b", "this is HEP 2; send HEP 3" },
        { "160301002a0100002603030000", "this is TLS" },
        { "1603030200010001fc0303", "this is TLS" },
        { "080210111a0a3139322e302e322e313022", "this looks like heplify's protobuf" },
        { "000100002112a442000102030405060708090a0b", "this is STUN" },
        { "", "an empty datagram" },
        { "0d0a0d0a", "keep-alive" },
        { Hex("GET /hep HTTP/1.1\r\nHost: x\r\n\r\n"), "this is HTTP" },
        { Hex("POST / HTTP/1.0\r\n"), "this is HTTP" },
        { Hex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "this is HTTP" },
        { Hex("OPTIONS sip:x@h SIP/2.0\r\nVia: HTTP/1.1\r\n"), "this is SIP itself" },
        { Hex("SIP/2.0 200 OK\r\n"), "this is SIP itself" },
        { Hex("hello"), "no \"HEP3\" at the start" },
        { "01", "no \"HEP3\" at the start" },
    };

    [Theory]
    [MemberData(nameof(OtherProtocols))]
    public void Other_protocols_are_named(string hex, string words)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Contains(words, MalformedText.Explain(HepReject.NotHep, bytes), StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Packets => new()
    {
        { [.. "HEP3"u8, 0, 5], "total length is 5, less than the 6 bytes" },
        { [.. "HEP3"u8, 0xea, 0x60, 1, 2, 3], "total length is 60000, but only 9 bytes arrived" },
        { [.. "HEP3"u8], "the packet is truncated" },
        { HepExamples.Packet([Chunk(11, [1]), Chunk(48, [], length: 0)]), "chunk 0x0030 at byte 13 has the length 0, less than its header's 6 bytes" },
        { HepExamples.Packet([Chunk(11, [1]), Chunk(15, [1, 2], length: 3000)]), "chunk 0x000f at byte 13 has the length 3000 and reaches 2992 bytes past the packet's end" },
        { HepExamples.Packet([Chunk(11, [1]), [1, 2, 3]]), "3 bytes follow the last chunk" },
        { HepExamples.Packet([Chunk(12, new byte[8])]), "chunk 0x000c at byte 6 (capture id) has 8 bytes instead of 4" },
        { HepExamples.Packet([Chunk(12, new byte[2]), Chunk(9, new byte[8])]), "chunk 0x0009 at byte 14 (seconds) has 8 bytes instead of 4" },
        { HepExamples.Packet([Chunk(15, [1])]), "no payload type (chunk 0x000b)" },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_bad_packet_is_described_by_its_chunk_and_size(byte[] bytes, string words)
    {
        Assert.False(HepDecoder.TryDecode(bytes, out _, out HepReject reason));
        StringWriter error = new();
        new PrintingHandler(new TextPrinter(TextWriter.Null), error).OnMalformed(reason, bytes, new HepSender(new IPEndPoint(IPAddress.Loopback, 4242), SenderTransport.Udp));
        Assert.Contains($"malformed ({reason}): {bytes.Length} bytes by UDP from 127.0.0.1:4242: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_get_a_sentence_without_a_control_character()
    {
        Random random = new(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = HepPackets.Encode(HepExamples.Full());
            for (int changes = random.Next(1, 5); changes > 0; changes--)
            {
                bytes[random.Next(i % 2 == 0 ? 0 : 4, bytes.Length)] = (byte)random.Next(256);
            }

            bytes = bytes[..random.Next(bytes.Length + 1)];
            if (!HepDecoder.TryDecode(bytes, out _, out HepReject reason))
            {
                string text = MalformedText.Explain(reason, bytes);
                Assert.NotEmpty(text);
                Assert.DoesNotContain(text, char.IsControl);
            }
        }
    }

    private static byte[] Chunk(ushort type, byte[] value, int? length = null) => HepExamples.Chunk(type, value, length: length);

    private static string Hex(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));
}
