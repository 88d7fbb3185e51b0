namespace HepBridge.Outputs.Streams;

/// <summary>
/// Keeps copies of the packets sent last, for the next connection: otherwise what a crashing collector's kernel had accepted and its process had not
/// read would be lost. Measured back from the last packet sent, so that a stall before a connection ends does not empty it.
/// </summary>
internal sealed class ResendWindow(TimeSpan length, int capacity, TimeProvider time)
{
    private readonly Queue<PacketBlock> _blocks = new();
    private readonly long _ticks = (long)(length.TotalSeconds * time.TimestampFrequency);
    private PacketBlock? _filling;
    private PacketBlock? _spare;
    private long _bytes;

    /// <summary>Stores packets that were just sent.</summary>
    public void Remember(ReadOnlySpan<byte> packets)
    {
        long now = time.GetTimestamp();
        while (!packets.IsEmpty)
        {
            int length = PacketBlock.PacketLength(packets);
            // A block spans at most a tenth of the window, because blocks expire as a whole.
            if (_filling is null || _filling.Free < length || now - _filling.Epoch > _ticks / 10)
            {
                _filling = _spare ?? new PacketBlock();
                _spare = null;
                _blocks.Enqueue(_filling);
            }

            _filling.Append(packets[..length], now);
            _bytes += length;
            packets = packets[length..];
        }

        while (_blocks.TryPeek(out PacketBlock? oldest) && oldest != _filling && (now - oldest.Epoch > _ticks + (_ticks / 10) || _bytes > capacity))
        {
            _bytes -= oldest.Length;
            _blocks.Dequeue();
            oldest.Clear();
            _spare = oldest;
        }
    }

    /// <summary>The stored packets, oldest first.</summary>
    public IReadOnlyList<PacketBlock> Packets => [.. _blocks];
}
