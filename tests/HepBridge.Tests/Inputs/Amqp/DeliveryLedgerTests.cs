using HepBridge.Diagnostics;
using HepBridge.Inputs.Amqp;
using HepBridge.Outputs;

namespace HepBridge.Tests.Inputs.Amqp;

public class DeliveryLedgerTests
{
    private readonly RingOutput _output = new();
    private readonly OutputWatch _watch = new();
    private readonly DeliveryLedger _ledger = new(10);

    public DeliveryLedgerTests() => _watch.Refresh([_output]);

    [Fact]
    public void A_delivery_without_a_packet_is_acknowledged_after_its_batch()
    {
        _ledger.Add(1, isHeld: false);
        Assert.Equal((0, ""), Take());
        _ledger.EndBatch(_watch);
        Assert.Equal((1, ""), Take());
        Assert.False(_ledger.IsBusy);
    }

    [Fact]
    public void Deliveries_are_acknowledged_when_the_outputs_have_taken_all_packets_before_the_end_of_their_batch()
    {
        _ledger.Add(1, isHeld: false);
        _output.Queue(2);
        _ledger.EndBatch(_watch);
        _ledger.Add(2, isHeld: false);
        _output.Queue(1);
        _ledger.EndBatch(_watch);
        _output.Leave(1);
        Assert.Equal((0, ""), Take());
        _output.Leave(1);
        Assert.Equal((1, ""), Take());
        _output.Leave(1);
        Assert.Equal((2, ""), Take());
        Assert.Equal(0, _ledger.Unacknowledged);
    }

    [Fact]
    public void A_held_event_waits_and_keeps_none_behind_it_waiting()
    {
        _ledger.Add(1, isHeld: false);
        _ledger.Add(2, isHeld: true);
        _ledger.Add(3, isHeld: false);
        _ledger.EndBatch(_watch);
        Assert.Equal((1, "3"), Take());
        _ledger.Add(4, isHeld: false);
        _ledger.Settle(2);
        _output.Queue(1);
        _ledger.EndBatch(_watch);
        Assert.Equal((0, ""), Take());
        _output.Leave(1);
        Assert.Equal((4, ""), Take());
    }

    [Fact]
    public void Held_events_never_take_the_whole_prefetch()
    {
        for (ulong tag = 1; tag <= 6; tag++)
        {
            Assert.Equal(tag < 6, _ledger.Add(tag, isHeld: true));
        }

        _ledger.EndBatch(_watch);
        Assert.Equal((0, "6"), Take());
    }

    [Fact]
    public void Packets_moved_to_another_ring_are_waited_for_there()
    {
        _ledger.Add(1, isHeld: false);
        _output.Queue(1);
        _ledger.EndBatch(_watch);
        _output.MoveToOther();
        Assert.Equal((0, ""), Take());
        Assert.Equal((0, ""), Take());
        _output.LeaveOther();
        Assert.Equal((1, ""), Take());
    }

    [Fact]
    public void An_output_that_is_away_without_a_spool_holds_up_alone_but_not_beside_another()
    {
        _output.IsAway = true;
        _watch.Refresh([_output]);
        _ledger.Add(1, isHeld: false);
        _output.Queue(1);
        _ledger.EndBatch(_watch);
        Assert.Equal((0, ""), Take());
        _watch.Refresh([_output, new RingOutput()]);
        Assert.Equal((1, ""), Take());
        Assert.Equal([_output], _watch.Excused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_delivery_is_acknowledged_once_and_never_before_its_packets_have_left(int seed)
    {
        Random random = new(seed);
        HashSet<ulong> open = [];
        HashSet<ulong> held = [];
        Dictionary<ulong, long> packets = [];
        ulong tag = 0;
        for (int step = 0; step < 20_000; step++)
        {
            switch (random.Next(5))
            {
                case 0 when open.Count < 10:
                    bool isHeld = random.Next(3) == 0 && held.Count < 5;
                    open.Add(++tag);
                    if (isHeld)
                    {
                        held.Add(tag);
                    }
                    else
                    {
                        _output.Queue(random.Next(2));
                        packets[tag] = _output.Rings[0].Appended;
                    }

                    _ledger.Add(tag, isHeld);
                    break;
                case 1 when held.Count > 0:
                    ulong settled = held.ElementAt(random.Next(held.Count));
                    held.Remove(settled);
                    _output.Queue(1);
                    packets[settled] = _output.Rings[0].Appended;
                    _ledger.Settle(settled);
                    break;
                case 2:
                    _ledger.EndBatch(_watch);
                    break;
                case 3:
                    _output.Leave(random.Next(4));
                    break;
                default:
                    List<ulong> single = [];
                    _ledger.Take(_watch, single, out ulong upTo);
                    foreach (ulong taken in open.Where(one => one <= upTo).Concat(single).ToArray())
                    {
                        Assert.True(open.Remove(taken), "acknowledged twice");
                        Assert.DoesNotContain(taken, held);
                        Assert.True(packets[taken] <= _output.Rings[0].Done, "acknowledged too early");
                    }

                    Assert.Equal(open.Count, _ledger.Unacknowledged);
                    break;
            }
        }

        Assert.True(tag > 1_000);
    }

    private (int UpTo, string Single) Take()
    {
        List<ulong> single = [];
        _ledger.Take(_watch, single, out ulong upTo);
        return ((int)upTo, string.Join(' ', single));
    }

    /// <summary>An output whose packets leave when the test says so.</summary>
    private sealed class RingOutput : IOutput
    {
        private static readonly byte[] _packet = TestPacket();
        private PacketBlock? _block;

        public string Name => "rings";

        public OutputCounters Counters { get; } = new();

        public bool IsAway { get; set; }

        public OutputState State => new() { Collectors = 1, Reachable = IsAway ? 0 : 1 };

        public PacketQueue[] Rings { get; } = [new(1 << 20), new(1 << 20)];

        public long Moves { get; private set; }

        public void Queue(int packets)
        {
            for (int i = 0; i < packets; i++)
            {
                Assert.Equal(EnqueueResult.Taken, Rings[0].TryAppend(_packet, PacketKind.Log));
            }
        }

        public void Leave(int packets)
        {
            for (; packets > 0 && (_block ??= Rings[0].Take()) is { } block; packets--)
            {
                Rings[0].Advance(block, 1, _packet.Length);
                if (block.IsDone)
                {
                    Rings[0].Release(block);
                    _block = null;
                }
            }
        }

        public void MoveToOther()
        {
            Rings[1].TryAppend(_packet, PacketKind.Log);
            Moves++;
            Leave(1);
        }

        public void LeaveOther() => Rings[1].Advance(Rings[1].Take()!, 1, _packet.Length);

        public void Offer(ReadOnlySpan<byte> packet, PacketKind kind) => throw new NotSupportedException();

        public void Flush() => throw new NotSupportedException();

        public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static byte[] TestPacket() => Outputs.TestPackets.Make(1);
    }
}
