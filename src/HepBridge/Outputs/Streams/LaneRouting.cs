using HepBridge.Outputs.Routing;

namespace HepBridge.Outputs.Streams;

/// <summary>Which lane a packet goes to, by the lanes' health, and what becomes of packets whose lane has lost its connection.</summary>
internal sealed class LaneRouting(StreamLane[] lanes, ServerRouter router)
{
    private readonly StreamLane[] _lanes = lanes;
    private readonly ServerRouter _router = router;
    private readonly Lock _gate = new();
    private ulong _healthy = (1UL << (lanes.Length - 1) << 1) - 1;

    /// <summary>Puts a packet into the ring of its lane.</summary>
    public RingAnswer TryAppend(ReadOnlySpan<byte> packet, PacketKind kind) =>
        _lanes.Length == 1 ? _lanes[0].Ring.TryAppend(packet, kind) : TryAppendRouted(packet, kind);

    /// <summary>A lane has got or lost its connection.</summary>
    public void UpdateHealth()
    {
        lock (_gate)
        {
            ulong healthy = 0;
            for (int i = 0; i < _lanes.Length; i++)
            {
                healthy |= _lanes[i].IsHealthy ? 1UL << i : 0;
            }

            _healthy = healthy;
            MoveAll();
        }
    }

    /// <summary>Moves what lanes without a connection hold to those that have one, as far as there is room.</summary>
    public void MoveToHealthy()
    {
        lock (_gate)
        {
            MoveAll();
        }
    }

    private RingAnswer TryAppendRouted(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        lock (_gate)
        {
            return _lanes[_router.Route(packet, _healthy)].Ring.TryAppend(packet, kind);
        }
    }

    private void MoveAll()
    {
        if (_healthy == 0 || _lanes.Length == 1)
        {
            return;
        }

        for (int i = 0; i < _lanes.Length; i++)
        {
            // By the health that packets are routed by: a lane that has been lost since would get its own packets again, for ever.
            if ((_healthy & (1UL << i)) == 0)
            {
                Move(_lanes[i]);
            }
        }

        foreach (StreamLane lane in _lanes)
        {
            lane.Flush();
        }
    }

    private void Move(StreamLane lane)
    {
        while (!lane.IsHealthy && lane.Ring.Take() is { } block)
        {
            while (!block.IsDone)
            {
                ReadOnlySpan<byte> packet = block.Rest.Span[..PacketBlock.PacketLength(block.Rest.Span)];
                if (_lanes[_router.Route(packet, _healthy)].Ring.TryAppend(packet, PacketKind.Log) != RingAnswer.Taken)
                {
                    break;
                }

                lane.Ring.Advance(block, 1, packet.Length);
            }

            bool full = !block.IsDone;
            lane.Ring.PutBack(block);
            if (full)
            {
                return;
            }
        }
    }
}
