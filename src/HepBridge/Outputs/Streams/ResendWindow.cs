namespace HepBridge.Outputs.Streams;

/// <summary>
/// Keeps copies of what was sent last, for the next connection: what a dying collector's kernel had taken and its process not read is lost
/// otherwise. Measured back from the last packet sent, so that a stall before the end of a connection doesn't empty it.
/// </summary>
internal sealed class ResendWindow(TimeSpan length, int capacity, TimeProvider time)
{
    private readonly Queue<PacketBlock> _blocks = new();
    private readonly long _ticks = (long)(length.TotalSeconds * time.TimestampFrequency);
    private PacketBlock? _filling;
    private PacketBlock? _spare;
    private long _bytes;

    /// <summary>Remembers packets that were just sent.</summary>
    public void Remember(ReadOnlySpan<byte> packets)
    {
        long now = time.GetTimestamp();
        while (!packets.IsEmpty)
        {
            int length = PacketBlock.PacketLength(packets);
            // A block spans a tenth of the window at most, since blocks are forgotten whole.
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

    /// <summary>What is remembered, oldest first.</summary>
    public IReadOnlyList<PacketBlock> Packets => [.. _blocks];
}
