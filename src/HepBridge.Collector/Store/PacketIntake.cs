using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Collector.Store;

/// <summary>
/// Decouples a busy sender from the store: <see cref="Offer"/> copies the packet and returns at once. If the viewer
/// falls behind, packets are dropped and counted here; the sender never waits.
/// </summary>
public sealed partial class PacketIntake
{
    private const int MaxQueued = 8192;
    private const int MaxBytes = 16 << 20;

    private readonly PacketStore _store;
    private readonly ILogger _log;
    private readonly Channel<(byte[] Buffer, int Length)> _queue =
        Channel.CreateBounded<(byte[] Buffer, int Length)>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });

    private long _dropped;
    private long _failed;
    private int _bytes;
    private volatile string? _problem;

    /// <param name="store">Receives the packets.</param>
    /// <param name="log">For failures of the store.</param>
    public PacketIntake(CallStore store, ILogger? log = null)
        : this(packet => store.Add(packet), log ?? NullLogger.Instance)
    {
    }

    internal PacketIntake(PacketStore store, ILogger log) => (_store, _log) = (store, log);

    internal delegate void PacketStore(ReadOnlySpan<byte> packet);

    /// <summary>Packets dropped because the queue was full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Why the store failed on its last packet, in one sentence; null if it did not.</summary>
    public string? Problem => _problem;

    /// <summary>Queues a copy of one whole packet; false if the queue is full. Thread-safe.</summary>
    public bool Offer(ReadOnlySpan<byte> packet)
    {
        if (Interlocked.Add(ref _bytes, packet.Length) <= MaxBytes)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
            packet.CopyTo(buffer);
            if (_queue.Writer.TryWrite((buffer, packet.Length)))
            {
                return true;
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }

        Interlocked.Add(ref _bytes, -packet.Length);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>
    /// Passes the queued packets to the store until canceled; one such loop at a time. A packet on which the store
    /// fails is counted, and does not end the loop.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach ((byte[] buffer, int length) in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                _store(buffer.AsSpan(0, length));
                _problem = null;
            }
            catch (Exception e)
            {
                Interlocked.Increment(ref _failed);
                if (_problem is null)
                {
                    StoreFailed(_log, e);
                }

                _problem = $"The page could not store a packet ({e.GetType().Name}: {e.Message}).";
            }

            ArrayPool<byte>.Shared.Return(buffer);
            Interlocked.Add(ref _bytes, -length);
        }
    }

    [LoggerMessage(5010, LogLevel.Critical, "The page could not store a packet and continues with the next one. Please report this with the lines below.")]
    private static partial void StoreFailed(ILogger log, Exception exception);
}
