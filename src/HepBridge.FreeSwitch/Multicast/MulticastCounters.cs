namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// Counts a receiver's datagrams: <c>Datagrams = Events + the sum of Rejected</c>. Kernel drops come on top of that. Thread-safe.
/// </summary>
public sealed class MulticastCounters
{
    private readonly ReasonCounts<DatagramReject> _rejected = new();
    private long _datagrams;
    private long _bytes;
    private long _events;
    private long _kernelDrops;

    public long Datagrams => Interlocked.Read(ref _datagrams);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Events passed on.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Datagrams dropped by the kernel, usually because the receive buffer was full; updated every check interval and by <see cref="MulticastReceiver.UpdateKernelDrops"/>.</summary>
    public long KernelDrops => Interlocked.Read(ref _kernelDrops);

    /// <summary>Datagrams rejected for a reason.</summary>
    public long Rejected(DatagramReject reason) => _rejected[reason];

    internal IEnumerable<(DatagramReject Reason, long Count)> RejectedReasons => _rejected.Counted;

    internal void Read(int datagrams, long bytes, int events)
    {
        Interlocked.Add(ref _datagrams, datagrams);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _events, events);
    }

    internal void Reject(DatagramReject reason) => _rejected.Add(reason);

    internal void DroppedByKernel(long count) => Interlocked.Add(ref _kernelDrops, count);
}
