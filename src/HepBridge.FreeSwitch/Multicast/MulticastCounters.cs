namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// Counts a receiver's datagrams: <c>Datagrams = Events + the sum of Rejected</c>. Kernel drops come on top of that. Thread-safe.
/// </summary>
public sealed class MulticastCounters
{
    private readonly long[] _rejected = new long[Enum.GetValues<DatagramReject>().Length];
    private long _datagrams;
    private long _bytes;
    private long _batches;
    private long _events;
    private long _kernelDrops;

    public long Datagrams => Interlocked.Read(ref _datagrams);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Reads that returned datagrams.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Events passed on.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Datagrams dropped by the kernel, usually because the receive buffer was full; updated every check interval and by <see cref="MulticastReceiver.UpdateKernelDrops"/>.</summary>
    public long KernelDrops => Interlocked.Read(ref _kernelDrops);

    /// <summary>Datagrams rejected for a reason.</summary>
    public long Rejected(DatagramReject reason) => Interlocked.Read(ref _rejected[(int)reason]);

    internal void Read(int datagrams, long bytes, int events)
    {
        Interlocked.Add(ref _datagrams, datagrams);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _events, events);
        Interlocked.Increment(ref _batches);
    }

    internal void Reject(DatagramReject reason) => Interlocked.Increment(ref _rejected[(int)reason]);

    internal void DroppedByKernel(long count) => Interlocked.Add(ref _kernelDrops, count);
}
