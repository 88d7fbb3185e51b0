using HepBridge.Outputs.Spooling;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// The unsent packets of one link: its ring, the block being sent, and whether the spool holds a copy of that block's rest. One worker takes
/// and sends; another caller writes to disk what has waited too long.
/// </summary>
internal sealed class SendQueue(PacketQueue ring, OutputCounters counters)
{
    private readonly Lock _gate = new();
    private PacketBlock? _sending;
    private SpoolCopy? _copy;

    /// <summary>Whether the spool holds a copy of the block being sent, which the spool must not send meanwhile.</summary>
    public bool HasCopy => Volatile.Read(ref _copy) is not null;

    /// <summary>The block to send: the one already started, or the next; null if nothing is queued.</summary>
    public PacketBlock? Take()
    {
        lock (_gate)
        {
            return _sending ??= ring.Take();
        }
    }

    /// <summary>Marks packets at the start of the block's rest as sent.</summary>
    public void Sent(PacketBlock block, int packets, int bytes)
    {
        lock (_gate)
        {
            ring.Advance(block, packets, bytes);
            if (_copy is { } copy)
            {
                CountCopied(copy, packets, bytes);
            }
            else
            {
                counters.AddLeft(packets);
                counters.AddSent(packets, bytes);
            }

            if (block.IsDone)
            {
                _sending = null;
                _copy = null;
                ring.Release(block);
            }
        }
    }

    /// <summary>After a connection: returns unsent packets to the front, or leaves them to the spool if it has them.</summary>
    public void PutBack()
    {
        lock (_gate)
        {
            if (_sending is not { } block)
            {
                return;
            }

            if (_copy is not null)
            {
                ring.Advance(block, block.RestPackets, block.Rest.Length);
            }

            ring.PutBack(block);
            _sending = null;
            _copy = null;
        }
    }

    /// <summary>Writes to disk what is unsent since <paramref name="epoch"/>: blocks of the ring, and a copy of the block being sent.</summary>
    public void SpoolOlder(Spool spool, long epoch)
    {
        lock (_gate)
        {
            if (_sending is { } block && _copy is null && block.Epoch <= epoch && spool.TryAppend(block.Rest.Span, block.RestPackets, out long position))
            {
                _copy = new SpoolCopy(spool, position);
                counters.AddLeft(block.RestPackets);
                counters.AddSpooled(block.RestPackets);
            }
        }

        while (ring.Take(epoch) is { } block)
        {
            if (!spool.TryAppend(block.Rest.Span, block.RestPackets, out _))
            {
                ring.PutBack(block);
                return;
            }

            counters.AddSpooled(block.RestPackets);
            counters.AddLeft(block.RestPackets);
            ring.Advance(block, block.RestPackets, block.Rest.Length);
            ring.Release(block);
        }
    }

    /// <summary>Packets with a copy in the spool were sent after all: discards the copy, unless it is already on its way.</summary>
    private void CountCopied(SpoolCopy copy, int packets, int bytes)
    {
        if (copy.Spool.TryDiscard(copy.Position, packets, bytes))
        {
            counters.AddSpooled(-packets);
            counters.AddSent(packets, bytes);
        }
        else
        {
            counters.AddResent(packets);
        }

        _copy = copy with { Position = copy.Position + bytes };
    }

    /// <summary>Where the spool holds a copy of the rest of the block being sent.</summary>
    private sealed record SpoolCopy(Spool Spool, long Position);
}
