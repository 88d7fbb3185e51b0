using System.Net;
using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// Hears the events that mod_event_multicast sends to groups or to this host: opens a socket for each address, reads in batches, checks senders,
/// finds and decrypts events, and hands them to a handler. What can't be opened now is tried again until it can.
/// </summary>
public sealed class MulticastReceiver
{
    private readonly MulticastListener[] _listeners;

    /// <exception cref="ArgumentException">The psk can't be used.</exception>
    public MulticastReceiver(MulticastReceiverOptions options, IMulticastHandler handler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        SenderFilter filter = new(options.AllowedSenders);
        _listeners = [.. options.Addresses.Select(Listen)];

        // Each address is read on its own thread, and a cipher serves one at a time.
        MulticastListener Listen(IPAddress address) => new(
            address,
            options,
            new DatagramFilter(filter, options.Psk is { } psk ? new PskCipher(Encoding.UTF8.GetBytes(psk)) : null, handler, Counters),
            handler,
            Counters,
            time);
    }

    /// <summary>What happened to the datagrams.</summary>
    public MulticastCounters Counters { get; } = new();

    /// <summary>Listens until the token ends. A listener that fails unexpectedly ends the others and throws.</summary>
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

    /// <summary>Asks the kernel for its drops now, so that <see cref="MulticastCounters.KernelDrops"/> is exact.</summary>
    public void UpdateKernelDrops()
    {
        foreach (MulticastListener listener in _listeners)
        {
            listener.UpdateKernelDrops();
        }
    }
}
