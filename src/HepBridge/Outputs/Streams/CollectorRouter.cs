using HepBridge.Diagnostics;
using HepBridge.Outputs.Routing;

namespace HepBridge.Outputs.Streams;

/// <summary>Assigns packets to links by the links' health, and moves the packets of a link that lost its connection.</summary>
internal sealed class CollectorRouter(CollectorLink[] links, ServerRouter router)
{
    private readonly Lock _gate = new();
    private ulong _healthy = (1UL << (links.Length - 1) << 1) - 1;
    private long _moves;

    /// <inheritdoc cref="IOutput.Moves"/>
    public long Moves => Volatile.Read(ref _moves);

    /// <summary>Adds a packet to the ring of its link.</summary>
    public EnqueueResult TryAppend(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        if (links.Length == 1)
        {
            return links[0].Ring.TryAppend(packet, kind);
        }

        lock (_gate)
        {
            return links[router.Route(packet, _healthy)].Ring.TryAppend(packet, kind);
        }
    }

    /// <summary>Called when a link gets or loses its connection.</summary>
    public void UpdateHealth()
    {
        lock (_gate)
        {
            ulong healthy = 0;
            for (int i = 0; i < links.Length; i++)
            {
                healthy |= links[i].IsHealthy ? 1UL << i : 0;
            }

            _healthy = healthy;
            MoveAll();
        }
    }

    /// <summary>Moves packets from links without a connection to connected ones, as far as there is room.</summary>
    public void MoveToHealthy()
    {
        lock (_gate)
        {
            MoveAll();
        }
    }

    private void MoveAll()
    {
        if (_healthy == 0 || links.Length == 1)
        {
            return;
        }

        for (int i = 0; i < links.Length; i++)
        {
            // Use the health that packets are routed by: a link lost since then would get its own packets back forever.
            if ((_healthy & (1UL << i)) == 0)
            {
                Move(links[i]);
            }
        }

        Array.ForEach(links, static link => link.Flush());
    }

    private void Move(CollectorLink link)
    {
        while (!link.IsHealthy && link.Ring.Take() is { } block)
        {
            while (!block.IsDone)
            {
                ReadOnlySpan<byte> packet = block.Rest.Span[..PacketBlock.PacketLength(block.Rest.Span)];
                if (links[router.Route(packet, _healthy)].Ring.TryAppend(packet, PacketKind.Log) != EnqueueResult.Taken)
                {
                    break;
                }

                Volatile.Write(ref _moves, _moves + 1);
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
