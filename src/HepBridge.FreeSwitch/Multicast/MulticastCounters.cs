namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// What happened to the datagrams of a receiver: <c>Datagrams = Events + the sum of Rejected</c>; those that the kernel dropped before anyone
/// could read them stand beside that. May be read at any time.
/// </summary>
public sealed class MulticastCounters
{
    private readonly long[] _rejected = new long[Enum.GetValues<DatagramReject>().Length];
    private long _datagrams;
    private long _bytes;
    private long _batches;
    private long _events;
    private long _kernelDrops;

    /// <summary>Datagrams read.</summary>
    public long Datagrams => Interlocked.Read(ref _datagrams);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Reads that gave them.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Events handed over.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Datagrams that the kernel threw away, mostly because the receive buffer was full; brought up to date every check interval and by <see cref="MulticastReceiver.UpdateKernelDrops"/>.</summary>
    public long KernelDrops => Interlocked.Read(ref _kernelDrops);

    /// <summary>Datagrams refused for a reason.</summary>
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
