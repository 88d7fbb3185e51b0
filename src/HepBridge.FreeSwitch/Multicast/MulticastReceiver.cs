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
