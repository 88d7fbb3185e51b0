using System.Buffers;
using System.Threading.Channels;

namespace HepBridge.Collector.Store;

/// <summary>
/// Decouples a busy sender from the store: <see cref="Offer"/> copies the packet and returns at once; when the viewer falls behind, packets are
/// dropped here and counted, and the sender never waits.
/// </summary>
public sealed class PacketIntake
{
    private const int MaxQueued = 8192;

    private readonly CallStore _store;
    private readonly Channel<(byte[] Buffer, int Length)> _queue =
        Channel.CreateBounded<(byte[] Buffer, int Length)>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });

    private long _dropped;

    public PacketIntake(CallStore store)
    {
        _store = store;
    }

    /// <summary>Packets that found the queue full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Queues a copy of one whole packet; false if the queue is full. Any thread.</summary>
    public bool Offer(ReadOnlySpan<byte> packet)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        if (_queue.Writer.TryWrite((buffer, packet.Length)))
        {
            return true;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Hands the queued packets to the store until cancelled; one such loop at a time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach ((byte[] buffer, int length) in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            _store.Add(buffer.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
