using System.Text;
using HepBridge.Hep;
using static HepBridge.Fuzz.Corpora.HepPackets;
using static HepBridge.Tests.Hep.HepExamples;

namespace HepBridge.Tests.Hep;

public sealed class HepDecoderTests
{
    private static readonly byte[] _type = Chunk(HepChunk.PayloadType, [100]);

    [Fact]
    public void The_specifications_example_is_decoded()
    {
        Assert.True(HepDecoder.TryDecode(Specification, out HepPacket packet, out HepReject reason));
        Assert.Equal(HepReject.None, reason);
        Assert.Equal(17, packet.Protocol);
        Assert.Equal("212.202.0.1", packet.Source.ToString());
        Assert.Equal("82.116.0.211", packet.Destination.ToString());
        Assert.Equal(12010, packet.SourcePort);
        Assert.Equal(5060, packet.DestinationPort);
        Assert.Equal(1313440459u, packet.Seconds);
        Assert.Equal(120000u, packet.Microseconds);
        Assert.Equal(HepPayloadType.Sip, packet.PayloadType);
        Assert.Equal(228u, packet.CaptureId);
        Assert.Equal("INVITE sip:bob", Encoding.ASCII.GetString(packet.Payload));
        Assert.True(packet.CorrelationId.IsEmpty && packet.AuthKey.IsEmpty && packet.NodeName.IsEmpty);
    }

    [Fact]
    public void The_decoder_reads_the_encoders_output()
    {
        HepPacket full = Full();
        byte[] bytes = Encode(full);
        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        Assert.Equal(bytes, Encode(packet));
        Assert.Equal(full.CaptureId, packet.CaptureId);
        Assert.True(packet.CorrelationId.SequenceEqual("a1b2@192.0.2.10"u8));
        Assert.True(packet.AuthKey.SequenceEqual("the key"u8));
        Assert.True(packet.NodeName.SequenceEqual("edge-1"u8));
    }

    [Fact]
    public void Packets_from_mod_sofia_give_the_right_SIP()
    {
        Assert.Equal(24, Sofia.Count);
        int ipv6 = 0;
        foreach (byte[] bytes in Sofia)
        {
            Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reason), reason.ToString());
            Assert.Equal(HepPayloadType.Sip, packet.PayloadType);
            Assert.Equal(100u, packet.CaptureId);
            Assert.Equal(17, packet.Protocol);
            Assert.InRange(packet.Microseconds, 0u, 999_999u);
            string sip = Encoding.UTF8.GetString(packet.Payload);
            Assert.Contains("\r\nCall-ID: ", sip, StringComparison.Ordinal);
            Assert.Contains("SIP/2.0", sip.Split("\r\n")[0], StringComparison.Ordinal);

            // FreeSWITCH writes IPv6 addresses as zeros.
            Assert.Equal(packet.Source.IsIPv6, packet.Source.IsUnspecified);
            ipv6 += packet.Source.IsIPv6 ? 1 : 0;
            if (!packet.Source.IsIPv6)
            {
                Assert.StartsWith("10.99.0.", packet.Source.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal(5, ipv6);
        Assert.True(HepDecoder.TryDecode(Sofia[0], out HepPacket first, out _));
        Assert.StartsWith("REGISTER sip:10.99.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP ", Encoding.UTF8.GetString(first.Payload), StringComparison.Ordinal);
        Assert.Equal("10.99.0.11", first.Source.ToString());
        Assert.Equal("10.99.0.1", first.Destination.ToString());
        Assert.Equal(0x6b022f5au, first.Seconds);
        Assert.Equal(0x2764au, first.Microseconds);
    }

    [Fact]
    public void Chunks_may_be_in_any_order()
    {
        HepPacket full = Full();
        byte[] bytes = Encode(full);
        List<byte[]> parts = new();
        HepChunkReader chunks = new(bytes);
        while (chunks.Read())
        {
            parts.Add(Chunk(chunks.Type, chunks.Value.ToArray()));
        }

        Random random = new(4711);
        for (int i = 0; i < 200; i++)
        {
            byte[][] order = [.. parts];
            random.Shuffle(order);
            Assert.True(HepDecoder.TryDecode(Packet(order), out HepPacket packet, out _));
            Assert.Equal(bytes, Encode(packet));
        }
    }

    [Fact]
    public void Unknown_and_vendor_chunks_are_skipped()
    {
        byte[] bytes = Packet([
            Chunk(0, [9]),

            // MOS, VLAN id, keep-alive: in the specification, but not in a HepPacket.
            Chunk(0x0020, [1, 0xb8]),
            Chunk(0x0012, [0, 7]),
            Chunk(0x000d, [0, 5]),
            Chunk(HepChunk.CompressedPayload, [1, 2, 3]),
            Chunk(0xabcd, []),
            _type,
            Chunk(HepChunk.Payload, "text"u8.ToArray()),
            Chunk(HepChunk.PayloadType, [1], vendor: 1),
            Chunk(HepChunk.SourceIPv4, [1, 2], vendor: 2),
            Chunk(HepChunk.Payload, "not this"u8.ToArray(), vendor: 1),
        ]);

        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        Assert.Equal(HepPayloadType.Log, packet.PayloadType);
        Assert.True(packet.Payload.SequenceEqual("text"u8));
        Assert.Equal(0, packet.Protocol);
    }

    [Fact]
    public void Another_systems_family_number_does_no_harm()
    {
        byte[] bytes = Packet([_type, Chunk(HepChunk.AddressFamily, [30]), Chunk(HepChunk.SourceIPv6, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])]);
        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        Assert.Equal("2001:db8::1", packet.Source.ToString());
    }

    [Fact]
    public void A_two_byte_capture_id_is_read()
    {
        Assert.True(HepDecoder.TryDecode(Packet([_type, Chunk(HepChunk.CaptureId, [7, 0xd1])]), out HepPacket packet, out _));
        Assert.Equal(2001u, packet.CaptureId);
    }

    [Fact]
    public void Bytes_after_the_total_length_are_ignored()
    {
        byte[] bytes = [.. Specification, 1, 2, 3, 4, 5, 6, 7];
        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        Assert.Equal(14, packet.Payload.Length);
    }

    [Theory]
    [InlineData("", HepReject.Truncated)]
    [InlineData("48", HepReject.Truncated)]
    [InlineData("4845503300", HepReject.Truncated)]
    [InlineData("48455032", HepReject.NotHep)]
    [InlineData("00", HepReject.NotHep)]
    [InlineData("0210021100", HepReject.NotHep)]
    [InlineData("484550330000", HepReject.BadTotalLength)]
    [InlineData("484550330005", HepReject.BadTotalLength)]
    [InlineData("484550330006", HepReject.NoPayloadType)]
    [InlineData("484550330007", HepReject.Truncated)]
    [InlineData("48455033000700", HepReject.BadChunkLength)]
    [InlineData("48455033000c0000000b0006", HepReject.BadFixedSize)]
    [InlineData("48455033000c0000000b0005", HepReject.BadChunkLength)]
    [InlineData("48455033000c0000000b0007", HepReject.BadChunkLength)]
    [InlineData("48455033000d0000000b000700", HepReject.NoPayloadType)]
    public void Bad_bytes_give_a_reason(string hex, HepReject expected)
    {
        Assert.False(HepDecoder.TryDecode(Convert.FromHexString(hex), out HepPacket packet, out HepReject reason));
        Assert.Equal(expected, reason);
        Assert.Equal(HepPayloadType.Reserved, packet.PayloadType);
    }

    [Fact]
    public void Fixed_size_chunks_are_rejected_with_any_other_size()
    {
        for (ushort type = 1; type <= HepChunk.CaptureId; type++)
        {
            int accepted = 0;
            for (int size = 0; size <= 20; size++)
            {
                bool good = HepDecoder.TryDecode(Packet([_type, Chunk(type, [.. Enumerable.Repeat((byte)1, size)])]), out _, out HepReject reason);
                Assert.Equal(good ? HepReject.None : HepReject.BadFixedSize, reason);
                accepted += good ? 1 : 0;
            }

            Assert.Equal(type == HepChunk.CaptureId ? 2 : 1, accepted);
        }
    }

    [Fact]
    public void Every_prefix_of_a_packet_is_truncated()
    {
        foreach (byte[] bytes in (byte[][])[Specification, .. Sofia])
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.False(HepDecoder.TryDecode(bytes.AsSpan(0, length), out _, out HepReject reason));
                Assert.Equal(HepReject.Truncated, reason);
            }
        }
    }

    [Fact]
    public void Mutated_packets_are_accepted_or_give_a_reason()
    {
        Random random = new(20261121);
        byte[][] seeds = [Specification, Encode(Full()), .. Sofia];
        int[] reasons = new int[Enum.GetValues<HepReject>().Length];
        byte[] scratch = new byte[HepEncoder.MaxPacketLength];
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = Mutate(seeds[random.Next(seeds.Length)], random);
            bool good = HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reason);
            Assert.Equal(good, reason == HepReject.None);
            Assert.True(Enum.IsDefined(reason));
            reasons[(int)reason]++;
            if (good)
            {
                // An accepted packet can be encoded again with the same meaning.
                Assert.True(HepEncoder.TryEncode(packet, scratch, out int written));
                Assert.True(HepDecoder.TryDecode(scratch.AsSpan(0, written), out HepPacket again, out _));
                Assert.True(again.Payload.SequenceEqual(packet.Payload));
                Assert.True(again.CorrelationId.SequenceEqual(packet.CorrelationId));
                Assert.Equal(packet.CaptureId, again.CaptureId);
            }
        }

        Assert.All(reasons, count => Assert.True(count > 0));
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] bytes = [.. seed];
        int edits = random.Next(1, 5);
        for (int i = 0; i < edits && bytes.Length > 0; i++)
        {
            // Most edits hit the structure: the first 110 bytes contain every header but little text.
            int at = random.Next(random.Next(4) == 0 ? bytes.Length : Math.Min(bytes.Length, 110));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(8))..]];
                    break;
                default:
                    byte[] inserted = new byte[random.Next(8)];
                    random.NextBytes(inserted);
                    bytes = [.. bytes[..at], .. inserted, .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }
}
