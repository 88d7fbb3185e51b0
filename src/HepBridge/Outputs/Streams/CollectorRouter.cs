using HepBridge.Outputs.Routing;

namespace HepBridge.Outputs.Streams;

/// <summary>Which link a packet goes to, by the links' health, and what becomes of packets whose link has lost its connection.</summary>
internal sealed class CollectorRouter(CollectorLink[] links, ServerRouter router)
{
    private readonly CollectorLink[] _links = links;
    private readonly ServerRouter _router = router;
    private readonly Lock _gate = new();
    private ulong _healthy = (1UL << (links.Length - 1) << 1) - 1;

    /// <summary>Puts a packet into the ring of its link.</summary>
    public EnqueueResult TryAppend(ReadOnlySpan<byte> packet, PacketKind kind) =>
        _links.Length == 1 ? _links[0].Ring.TryAppend(packet, kind) : TryAppendRouted(packet, kind);

    /// <summary>A link has got or lost its connection.</summary>
    public void UpdateHealth()
    {
        lock (_gate)
        {
            ulong healthy = 0;
            for (int i = 0; i < _links.Length; i++)
            {
                healthy |= _links[i].IsHealthy ? 1UL << i : 0;
            }

            _healthy = healthy;
            MoveAll();
        }
    }

    /// <summary>Moves what links without a connection hold to those that have one, as far as there is room.</summary>
    public void MoveToHealthy()
    {
        lock (_gate)
        {
            MoveAll();
        }
    }

    private EnqueueResult TryAppendRouted(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        lock (_gate)
        {
            return _links[_router.Route(packet, _healthy)].Ring.TryAppend(packet, kind);
        }
    }

    private void MoveAll()
    {
        if (_healthy == 0 || _links.Length == 1)
        {
            return;
        }

        for (int i = 0; i < _links.Length; i++)
        {
            // By the health that packets are routed by: a link that has been lost since would get its own packets again, for ever.
            if ((_healthy & (1UL << i)) == 0)
            {
                Move(_links[i]);
            }
        }

        foreach (CollectorLink link in _links)
        {
            link.Flush();
        }
    }

    private void Move(CollectorLink link)
    {
        while (!link.IsHealthy && link.Ring.Take() is { } block)
        {
            while (!block.IsDone)
            {
                ReadOnlySpan<byte> packet = block.Rest.Span[..PacketBlock.PacketLength(block.Rest.Span)];
                if (_links[_router.Route(packet, _healthy)].Ring.TryAppend(packet, PacketKind.Log) != EnqueueResult.Taken)
                {
                    break;
                }

                link.Ring.Advance(block, 1, packet.Length);
            }

            bool full = !block.IsDone;
            link.Ring.PutBack(block);
            if (full)
            {
                return;
            }
        }
    }
}
