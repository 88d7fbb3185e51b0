using HepBridge.FreeSwitch;

namespace HepBridge.Inputs.Packets;

/// <summary>Counts an input's packets: <c>Packets = passed or filtered by the pipeline + the sum of Rejected</c>. Thread-safe.</summary>
internal sealed class PacketCounters
{
    private readonly ReasonCounts<PacketReject> _rejected = new();
    private long _packets;
    private long _bytes;
    private long _filled;
    private long _kernelDrops;
    private long _connections;

    /// <summary>Datagrams, and packets received over TCP, including rejected ones.</summary>
    public long Packets => Interlocked.Read(ref _packets);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Packets whose zero addresses were filled in.</summary>
    public long Filled => Interlocked.Read(ref _filled);

    /// <summary>Datagrams dropped by the kernel, usually because the receive buffer was full.</summary>
    public long KernelDrops => Interlocked.Read(ref _kernelDrops);

    /// <summary>TCP connections open now.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    public long Rejected(PacketReject reason) => _rejected[reason];

    public IEnumerable<(PacketReject Reason, long Count)> RejectedReasons => _rejected.Counted;

    public void Received(int packets, long bytes)
    {
        Interlocked.Add(ref _packets, packets);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Reject(PacketReject reason) => _rejected.Add(reason);

    public void FilledIn() => Interlocked.Increment(ref _filled);

    public void DroppedByKernel(long count) => Interlocked.Add(ref _kernelDrops, count);

    /// <summary>A connection opened (1) or closed (-1); returns how many are open now.</summary>
    public long Connection(int change) => Interlocked.Add(ref _connections, change);
}
