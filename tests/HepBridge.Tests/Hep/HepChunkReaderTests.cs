using HepBridge.Hep;

namespace HepBridge.Tests.Hep;

/// <summary>Looking up one chunk of a packet.</summary>
public class HepChunkReaderTests
{
    [Fact]
    public void The_first_chunk_of_a_type_is_found()
    {
        byte[] packet = HepExamples.Packet([HepExamples.Chunk(0x11, [9], vendor: 7), HepExamples.Chunk(0x0c, [1, 2, 3, 4]), HepExamples.Chunk(0x11, [5]), HepExamples.Chunk(0x11, [6])]);

        Assert.True(HepChunkReader.TryFind(packet, HepChunk.CorrelationId, out ReadOnlySpan<byte> value));
        Assert.Equal([5], value.ToArray());
        Assert.False(HepChunkReader.TryFind(packet, HepChunk.Payload, out value));
        Assert.True(value.IsEmpty);
    }

    [Fact]
    public void Nothing_is_found_after_an_invalid_chunk()
    {
        byte[] packet = HepExamples.Packet([HepExamples.Chunk(0x0c, [1, 2, 3, 4], length: 3), HepExamples.Chunk(0x11, [5])]);

        Assert.False(HepChunkReader.TryFind(packet, HepChunk.CorrelationId, out _));
        Assert.False(HepChunkReader.TryFind("no HEP"u8, HepChunk.CorrelationId, out _));
    }
}
