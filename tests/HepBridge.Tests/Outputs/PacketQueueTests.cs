using HepBridge.Diagnostics;
using HepBridge.Outputs;

namespace HepBridge.Tests.Outputs;

public sealed class PacketQueueTests
{
    [Fact]
    public void Packets_of_any_size_come_out_whole_and_in_order()
    {
        PacketQueue ring = new(64 << 20);
        Random random = new(4);
        Queue<int> expected = new();
        int next = 0;
        for (int round = 0; round < 200; round++)
        {
            for (int i = random.Next(30); i > 0; i--)
            {
                expected.Enqueue(next);
                Assert.Equal(EnqueueResult.Taken, ring.TryAppend(TestPackets.Make(next++, random.Next(10, 60_000)), PacketKind.Log));
            }

            for (int i = random.Next(4); i > 0 && ring.Take() is { } block; i--)
            {
                Consume(ring, block, expected, random.Next(2) == 0 ? int.MaxValue : random.Next(5));
            }
        }

        while (ring.Take() is { } block)
        {
            Consume(ring, block, expected, int.MaxValue);
        }

        Assert.Empty(expected);
        Assert.True(ring.IsEmpty);
        Assert.Equal(0, ring.Bytes);
    }

    [Fact]
    public void Rtcp_is_rejected_above_three_quarters_and_everything_when_full()
    {
        byte[] packet = TestPackets.Make(1);
        PacketQueue ring = new(packet.Length * 8);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(EnqueueResult.Taken, ring.TryAppend(packet, PacketKind.Rtcp));
        }

        Assert.Equal(EnqueueResult.BackPressure, ring.TryAppend(packet, PacketKind.Rtcp));
        Assert.Equal(EnqueueResult.Taken, ring.TryAppend(packet, PacketKind.Log));
        Assert.Equal(EnqueueResult.Taken, ring.TryAppend(packet, PacketKind.Qos));
        Assert.Equal(EnqueueResult.Full, ring.TryAppend(packet, PacketKind.Log));
        Assert.Equal(EnqueueResult.Full, ring.TryAppend(packet, PacketKind.Rtcp));
    }

    [Fact]
    public void A_taken_block_counts_against_the_limit_until_its_packets_are_done()
    {
        byte[] packet = TestPackets.Make(1);
        PacketQueue ring = new(packet.Length * 2);
        ring.TryAppend(packet, PacketKind.Log);
        ring.TryAppend(packet, PacketKind.Log);
        PacketBlock block = ring.Take()!;
        Assert.Equal(EnqueueResult.Full, ring.TryAppend(packet, PacketKind.Log));
        ring.Advance(block, 1, packet.Length);
        Assert.Equal(EnqueueResult.Taken, ring.TryAppend(packet, PacketKind.Log));
        ring.PutBack(block);
        Assert.Equal(1, ring.Take()!.RestPackets);
    }

    [Fact]
    public void Only_blocks_of_the_requested_age_are_taken()
    {
        PacketQueue ring = new(1 << 20);
        ring.TryAppend(TestPackets.Make(1), PacketKind.Log);
        long epoch = ring.NextEpoch();
        Assert.Null(ring.Take(epoch - 1));
        PacketBlock block = ring.Take(epoch)!;
        ring.TryAppend(TestPackets.Make(2), PacketKind.Log);
        Assert.Null(ring.Take(epoch));
        ring.PutBack(block);
        Assert.Same(block, ring.Take(epoch));
    }

    [Fact]
    public void An_empty_ring_keeps_only_a_few_spare_blocks()
    {
        PacketQueue ring = new(1 << 30);
        byte[] packet = TestPackets.Make(1, 1000);
        Steady(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steady(100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Steady(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ring.TryAppend(packet, PacketKind.Log);
                PacketBlock block = ring.Take()!;
                ring.Advance(block, 1, packet.Length);
                ring.Release(block);
            }
        }
    }

    [Fact]
    public void The_memory_of_a_burst_is_freed()
    {
        PacketQueue ring = new(16 << 20);
        byte[] packet = TestPackets.Make(1, 60_000);
        while (ring.TryAppend(packet, PacketKind.Log) == EnqueueResult.Taken)
        {
        }

        while (ring.Take() is { } block)
        {
            while (!block.IsDone)
            {
                ring.Advance(block, 1, packet.Length);
            }

            ring.Release(block);
        }

        Assert.True(ring.IdleBytes > 15 << 20);
        for (int i = 0; i < 10; i++)
        {
            ring.Trim();
        }

        Assert.Equal(3 * PacketBlock.Size, ring.IdleBytes);
    }

    private static void Consume(PacketQueue ring, PacketBlock block, Queue<int> expected, int most)
    {
        while (!block.IsDone && most-- > 0)
        {
            int length = PacketBlock.PacketLength(block.Rest.Span);
            Assert.Equal(expected.Dequeue(), TestPackets.NumberOf(block.Rest.Span[..length]));
            ring.Advance(block, 1, length);
        }

        ring.PutBack(block);
    }
}
