using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

public sealed class HepStreamFramerTests
{
    private static readonly byte[][] _packets = [HepExamples.Specification, HepPackets.Encode(HepExamples.Full()), .. HepPackets.Sofia];

    private static readonly byte[] _stream = [.. _packets.SelectMany(p => p)];

    [Fact]
    public void Packets_back_to_back_are_found()
    {
        Assert.Equal(_packets, Frame(_stream, _stream.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(112)]
    [InlineData(1460)]
    public void A_stream_in_segments_of_any_size_gives_the_same_packets(int segment)
    {
        Assert.Equal(_packets, Frame(_stream, segment));
    }

    [Fact]
    public void Every_prefix_of_a_packet_needs_more_and_gives_the_length_once_known()
    {
        byte[] packet = HepExamples.Specification;
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.Equal(HepFrame.NeedMore, HepStreamFramer.Next(packet.AsSpan(0, length), out int total));
            Assert.Equal(length < 6 ? 0 : 113, total);
        }
    }

    [Fact]
    public void A_wrong_magic_byte_is_reported_at_once()
    {
        for (int at = 0; at < 4; at++)
        {
            byte[] bytes = HepExamples.Specification[..(at + 1)];
            bytes[at] ^= 1;
            Assert.Equal(HepFrame.NotHep, HepStreamFramer.Next(bytes, out int length));
            Assert.Equal(0, length);
        }
    }

    [Fact]
    public void A_length_below_six_is_malformed_and_six_is_an_empty_packet()
    {
        for (byte total = 0; total < 6; total++)
        {
            Assert.Equal(HepFrame.BadLength, HepStreamFramer.Next([.. "HEP3"u8, 0, total, 1, 2], out int length));
            Assert.Equal(0, length);
        }

        Assert.Equal(HepFrame.Packet, HepStreamFramer.Next([.. "HEP3"u8, 0, 6, 1, 2], out int six));
        Assert.Equal(6, six);
    }

    private static List<byte[]> Frame(byte[] stream, int segment)
    {
        List<byte[]> packets = new();
        int start = 0;
        for (int end = 0; end < stream.Length;)
        {
            end = Math.Min(stream.Length, end + segment);
            while (HepStreamFramer.Next(stream.AsSpan(start..end), out int length) == HepFrame.Packet)
            {
                packets.Add(stream[start..(start + length)]);
                start += length;
            }
        }

        Assert.Equal(stream.Length, start);
        return packets;
    }
}
