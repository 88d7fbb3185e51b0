using System.Net;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

public sealed class HepEncoderTests
{
    [Fact]
    public void The_specifications_example_is_written_byte_for_byte()
    {
        HepPacket packet = new()
        {
            Protocol = 17,
            Source = HepAddress.From(IPAddress.Parse("212.202.0.1")),
            Destination = HepAddress.From(IPAddress.Parse("82.116.0.211")),
            SourcePort = 12010,
            DestinationPort = 5060,
            Seconds = 0x4e4982cb,
            Microseconds = 0x0001d4c0,
            PayloadType = HepPayloadType.Sip,
            CaptureId = 228,
            Payload = "INVITE sip:bob"u8,
        };

        Assert.Equal(113, HepExamples.Specification.Length);
        Assert.Equal(HepExamples.Specification, HepPackets.Encode(packet));
    }

    [Fact]
    public void Optional_chunks_precede_the_payload_and_empty_ones_are_omitted()
    {
        List<ushort> types = new();
        byte[] bytes = HepPackets.Encode(HepExamples.Full());
        HepChunkReader chunks = new(bytes);
        while (chunks.Read())
        {
            Assert.Equal(0, chunks.Vendor);
            types.Add(chunks.Type);
        }

        Assert.Equal([1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 0x0e, 0x11, 0x13, 0x0f], types);
        Assert.Equal(HepExamples.Specification.Length - 14, HepPackets.Encode(new HepPacket()).Length);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", 2, "192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8::2", 10, "2001:db8::1", "2001:db8::2")]
    [InlineData("2001:db8::1", "192.0.2.2", 10, "2001:db8::1", "::ffff:192.0.2.2")]
    [InlineData("192.0.2.1", "2001:db8::2", 10, "::ffff:192.0.2.1", "2001:db8::2")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.2", 2, "192.0.2.1", "192.0.2.2")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", 2, "192.0.2.1", "192.0.2.2")]
    [InlineData("0.0.0.0", "2001:db8::2", 10, "::", "2001:db8::2")]
    [InlineData("2001:db8::1", "0.0.0.0", 10, "2001:db8::1", "::")]
    [InlineData("::", "192.0.2.2", 2, "0.0.0.0", "192.0.2.2")]
    [InlineData("192.0.2.1", "::", 2, "192.0.2.1", "0.0.0.0")]
    [InlineData("::", "::", 10, "::", "::")]
    [InlineData("0.0.0.0", "0.0.0.0", 2, "0.0.0.0", "0.0.0.0")]
    [InlineData("::", "0.0.0.0", 10, "::", "::")]
    public void Both_addresses_have_the_same_family(string source, string destination, int family, string writtenSource, string writtenDestination)
    {
        byte[] bytes = HepPackets.Encode(new HepPacket
        {
            Source = HepAddress.From(IPAddress.Parse(source)),
            Destination = HepAddress.From(IPAddress.Parse(destination)),
            PayloadType = HepPayloadType.Log,
        });

        Dictionary<ushort, byte[]> found = new();
        HepChunkReader chunks = new(bytes);
        while (chunks.Read())
        {
            found[chunks.Type] = chunks.Value.ToArray();
        }

        bool ipv6 = family == HepChunk.FamilyIPv6;
        Assert.Equal([(byte)family], found[HepChunk.AddressFamily]);
        Assert.Equal(IPAddress.Parse(writtenSource).GetAddressBytes(), found[ipv6 ? HepChunk.SourceIPv6 : HepChunk.SourceIPv4]);
        Assert.Equal(IPAddress.Parse(writtenDestination).GetAddressBytes(), found[ipv6 ? HepChunk.DestinationIPv6 : HepChunk.DestinationIPv4]);
        Assert.False(found.ContainsKey(ipv6 ? HepChunk.SourceIPv4 : HepChunk.SourceIPv6));
        Assert.False(found.ContainsKey(ipv6 ? HepChunk.DestinationIPv4 : HepChunk.DestinationIPv6));
    }

    [Fact]
    public void A_packet_of_65535_bytes_is_encoded_and_one_more_is_rejected()
    {
        HepPacket packet = HepExamples.Full();
        packet.Payload = default;
        int room = HepEncoder.MaxPacketLength - HepEncoder.HeaderLength(packet);
        byte[] destination = new byte[100_000];

        packet.Payload = new byte[room];
        Assert.True(HepEncoder.TryEncode(packet, destination, out int written));
        Assert.Equal(HepEncoder.MaxPacketLength, written);
        Assert.True(HepDecoder.TryDecode(destination.AsSpan(0, written), out HepPacket decoded, out _));
        Assert.Equal(room, decoded.Payload.Length);

        packet.Payload = new byte[room + 1];
        Assert.False(HepEncoder.TryEncode(packet, destination, out written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void Every_destination_that_is_too_small_is_rejected()
    {
        HepPacket packet = HepExamples.Full();
        byte[] whole = HepPackets.Encode(packet);
        for (int size = 0; size < whole.Length; size++)
        {
            byte[] destination = new byte[size];
            Assert.False(HepEncoder.TryEncode(packet, destination, out int written));
            Assert.Equal(0, written);
        }

        byte[] exact = new byte[whole.Length];
        Assert.True(HepEncoder.TryEncode(packet, exact, out _));
        Assert.Equal(whole, exact);
    }

    [Fact]
    public void A_chunk_longer_than_any_packet_is_rejected()
    {
        byte[] huge = new byte[70_000];
        byte[] destination = new byte[300_000];
        Assert.Equal(0, HepEncoder.WriteHeader(new HepPacket { CorrelationId = huge }, destination));
        Assert.False(HepEncoder.TryEncode(new HepPacket { AuthKey = huge, NodeName = huge, CorrelationId = huge, Payload = huge }, destination, out _));
    }

    [Fact]
    public void A_payload_written_after_the_header_gives_the_same_packet()
    {
        HepPacket packet = HepExamples.Full();
        byte[] whole = HepPackets.Encode(packet);
        byte[] inPlace = new byte[1000];
        ReadOnlySpan<byte> payload = packet.Payload;
        packet.Payload = default;

        int header = HepEncoder.WriteHeader(packet, inPlace);
        Assert.Equal(HepEncoder.HeaderLength(packet), header);
        payload.CopyTo(inPlace.AsSpan(header));
        HepEncoder.Complete(inPlace.AsSpan(0, header + payload.Length), header);
        Assert.Equal(whole, inPlace[..(header + payload.Length)]);
    }

    [Fact]
    public void Encoding_decoding_and_framing_allocate_nothing()
    {
        byte[] destination = new byte[2000];
        Span<byte> text = stackalloc byte[39];
        RoundTrip(destination, text, 100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrip(destination, text, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void RoundTrip(byte[] destination, Span<byte> text, int times)
    {
        bool good = true;
        for (int i = 0; i < times; i++)
        {
            HepPacket packet = HepExamples.Full();
            good &= HepAddress.TryParse("[2001:db8::7%eth0]"u8, out HepAddress source);
            packet.Source = source;
            good &= source.TryFormat(text, out _) && packet.Destination.TryFormat(text, out _);
            good &= HepEncoder.TryEncode(packet, destination, out int written);
            good &= HepStreamFramer.Next(destination, out int length) == HepFrame.Packet && length == written;
            good &= HepDecoder.TryDecode(destination, out HepPacket decoded, out _) && decoded.Source == source;
        }

        Assert.True(good);
    }
}
