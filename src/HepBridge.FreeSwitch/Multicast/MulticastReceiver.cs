using System.Net;
using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// Receives the events that mod_event_multicast sends to groups or to this host: opens a socket per address, reads in batches, checks senders,
/// decrypts, and passes events to a handler. Retries sockets that cannot be opened.
/// </summary>
public sealed class MulticastReceiver
{
    private readonly MulticastListener[] _listeners;

    /// <exception cref="ArgumentException">The psk is unusable.</exception>
    public MulticastReceiver(MulticastReceiverOptions options, IMulticastHandler handler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        SenderFilter filter = new(options.AllowedSenders);
        _listeners = [.. options.Addresses.Select(Listen)];

        // Each address is read on its own thread, and a cipher is not thread-safe.
        MulticastListener Listen(IPAddress address) => new(
            address,
            options,
            new DatagramFilter(filter, options.Psk is { } psk ? new PskCipher(Encoding.UTF8.GetBytes(psk)) : null, handler, Counters),
            handler,
            Counters,
            time);
    }

    public MulticastCounters Counters { get; } = new();

    /// <summary>Listens until canceled. A listener that fails unexpectedly ends the others and throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(_listeners.Select(RunOneAsync));

        async Task RunOneAsync(MulticastListener listener)
        {
            try
            {
                await listener.RunAsync(all.Token);
            }
            catch
            {
                await all.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>Reads the kernel's drop counters now, so that <see cref="MulticastCounters.KernelDrops"/> is exact.</summary>
    public void UpdateKernelDrops()
    {
        foreach (MulticastListener listener in _listeners)
        {
            listener.UpdateKernelDrops();
        }
    }
}

/// <summary>
/// Receives what a <see cref="MulticastReceiver"/> reports. Each listening address has its own thread, so calls for different addresses may overlap.
/// </summary>
public interface IMulticastHandler
{
    /// <summary>Events arrived, checked and decrypted. The batch and its spans are valid until this returns.</summary>
    void OnBatch(MulticastBatch batch);

    /// <summary>A datagram was rejected (already counted).</summary>
    void OnRejected(DatagramReject reason, SenderAddress sender);

    /// <summary>A listener opened, rejoined or failed.</summary>
    void OnListener(MulticastListenerStatus status);
}

/// <summary>State of one listening address.</summary>
public enum ListenerState
{
    /// <summary>Bound and joined.</summary>
    Listening,

    /// <summary>The interface was down or away and is back: rejoined.</summary>
    Rejoined,

    /// <summary>Unavailable; retried every <see cref="MulticastReceiverOptions.CheckInterval"/>.</summary>
    Waiting,
}

/// <summary>A change of one listening address.</summary>
public sealed record MulticastListenerStatus
{
    /// <summary>The group, or this host's address.</summary>
    public required IPAddress Address { get; init; }

    public required ListenerState State { get; init; }

    /// <summary>The UDP port; the actual one if 0 was requested.</summary>
    public required int Port { get; init; }

    /// <summary>The interface of the membership; null for an address of this host.</summary>
    public string? Interface { get; init; }

    /// <summary>The receive buffer granted by the kernel, in bytes.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>The receive buffer requested; if more than granted, raise <c>net.core.rmem_max</c> to this.</summary>
    public int WantedReceiveBuffer { get; init; }

    /// <summary>Why it is unavailable: one sentence with advice; null otherwise.</summary>
    public string? Problem { get; init; }
}

public sealed class MulticastReceiverOptions
{
    /// <summary>Groups to join or addresses of this host to listen on, IPv4 and IPv6.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    public required int Port { get; init; }

    /// <summary>Interface name or one of its addresses; null for the one with the route to the group.</summary>
    public string? Interface { get; init; }

    /// <summary>The senders' psk, a secret; null for plaintext.</summary>
    public string? Psk { get; init; }

    /// <summary>Networks of the accepted senders; empty accepts all.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary>Receive buffer to request from the kernel, in bytes, per address.</summary>
    public int ReceiveBuffer { get; init; } = 16 * 1024 * 1024;

    /// <summary>Interval for checking interfaces and retrying listeners.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Counts a receiver's datagrams: <c>Datagrams = Events + the sum of Rejected</c>. Kernel drops come on top of that. Thread-safe.</summary>
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
