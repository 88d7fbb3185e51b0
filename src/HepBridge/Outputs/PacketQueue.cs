using HepBridge.Diagnostics;

namespace HepBridge.Outputs;

/// <summary>Result of adding a packet to a ring.</summary>
internal enum EnqueueResult
{
    Taken,

    /// <summary>RTCP, and the ring is more than three quarters full.</summary>
    BackPressure,

    Full,
}

/// <summary>
/// The packets queued for one collector, in order, bounded in bytes. One side appends, others take whole blocks; memory is held only
/// for packets in it. A taken block counts against the bound until <see cref="Advance"/> reports what became of its packets.
/// </summary>
/// <remarks>Thread-safe. No member waits for longer than the copy of one packet.</remarks>
internal sealed class PacketQueue(int capacity)
{
    /// <summary>Empty blocks always kept: one being filled, one being sent, one in between.</summary>
    private const int SpareBlocks = 3;
    private readonly Lock _gate = new();
    private readonly Stack<PacketBlock> _spare = new(SpareBlocks);
    private readonly long _rtcpLimit = (long)capacity * 3 / 4;
    private readonly int _mostSpare = SpareBlocks + (capacity / PacketBlock.Size);
    private PacketBlock? _first;
    private PacketBlock? _last;
    private bool _lastIsOpen;
    private long _bytes;
    private long _epoch;
    private long _appended;
    private long _done;

    /// <summary>The bound in bytes.</summary>
    public int Capacity => capacity;

    /// <summary>Bytes that count against the bound.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public bool IsEmpty => Bytes == 0;

    /// <summary>Packets ever added.</summary>
    public long Appended => Volatile.Read(ref _appended);

    /// <summary>Packets ever done. They leave in order: at <see cref="Appended"/>, all packets added until then have left.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Whether a block can be taken.</summary>
    public bool HasBlocks => Volatile.Read(ref _first) is not null;

    /// <summary>Copies a packet of at most 65,535 bytes into the queue.</summary>
    public EnqueueResult TryAppend(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        lock (_gate)
        {
            long bytes = _bytes + packet.Length;
            if (bytes > capacity)
            {
                return EnqueueResult.Full;
            }

            if (kind == PacketKind.Rtcp && bytes > _rtcpLimit)
            {
                return EnqueueResult.BackPressure;
            }

            if (!_lastIsOpen || _last is null || _last.Free < packet.Length)
            {
                PacketBlock block = _spare.TryPop(out PacketBlock? spare) ? spare : new PacketBlock();
                if (_last is null)
                {
                    _first = block;
                }
                else
                {
                    _last.Next = block;
                }

                _last = block;
                _lastIsOpen = true;
            }

            _last.Append(packet, _epoch);
            _bytes = bytes;
            _appended++;
            return EnqueueResult.Taken;
        }
    }

    /// <summary>Starts a new epoch, returns the number of the one that ended, and frees memory that was not needed in it.</summary>
    public long NextEpoch()
    {
        lock (_gate)
        {
            // Free blocks one at a time: otherwise a ring that fills up repeatedly only makes work for the garbage collector.
            if (_spare.Count > SpareBlocks)
            {
                _spare.Pop();
            }

            return _epoch++;
        }
    }

    /// <summary>Bytes of empty blocks kept for the next packets.</summary>
    public long IdleBytes
    {
        get
        {
            lock (_gate)
            {
                return (long)_spare.Count * PacketBlock.Size;
            }
        }
    }

    /// <summary>Frees half of the memory left by a burst: with periodic calls nearly all of it is freed, yet frequent bursts cost little.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            for (int blocks = (_spare.Count - SpareBlocks + 1) / 2; blocks > 0; blocks--)
            {
                _spare.Pop();
            }
        }
    }

    /// <summary>
    /// Takes the oldest block, if its first packet was added in <paramref name="epoch"/> or before. The caller owns it until
    /// <see cref="Release"/> or <see cref="PutBack"/>.
    /// </summary>
    public PacketBlock? Take(long epoch = long.MaxValue)
    {
        lock (_gate)
        {
            PacketBlock? block = _first;
            if (block is null || block.Epoch > epoch)
            {
                return null;
            }

            _first = block.Next;
            block.Next = null;
            if (_first is null)
            {
                _last = null;
            }

            return block;
        }
    }

    /// <summary>Marks packets at the start of a taken block as done: sent, dropped or on disk.</summary>
    public void Advance(PacketBlock block, int packets, int bytes)
    {
        lock (_gate)
        {
            block.Advance(packets, bytes);
            _bytes -= bytes;
            _done += packets;
        }
    }

    /// <summary>Returns a taken block to the front: its rest is still to be sent.</summary>
    public void PutBack(PacketBlock block)
    {
        if (block.IsDone)
        {
            Release(block);
            return;
        }

        lock (_gate)
        {
            block.Next = _first;
            _first = block;
            if (_last is null)
            {
                _last = block;
                _lastIsOpen = false;
            }
        }
    }

    /// <summary>Returns a block that is done.</summary>
    public void Release(PacketBlock block)
    {
        block.Clear();
        lock (_gate)
        {
            if (_spare.Count < _mostSpare)
            {
                _spare.Push(block);
            }
        }
    }
}
