using System.Net;
using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Keeps one address open: opens it, reads it, watches its interface, reopens it.</summary>
internal sealed class MulticastListener(
    IPAddress address, MulticastReceiverOptions options, DatagramFilter filter, IMulticastHandler handler, MulticastCounters counters, TimeProvider time)
{
    private readonly bool _isGroup = address.AddressFamily == AddressFamily.InterNetworkV6 ? address.IsIPv6Multicast : (address.GetAddressBytes()[0] & 0xf0) == 0xe0;
    private readonly Lock _gate = new();
    private MulticastSocket? _current;
    private string? _problem;
    private bool _hasListened;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (TryOpen(out MulticastSocket? socket))
                {
                    await ListenAsync(socket, cancellationToken);
                }
                else
                {
                    await Task.Delay(options.CheckInterval, time, cancellationToken);
                }
            }
            catch (SocketException e)
            {
                ReportWaiting($"reading from {address} failed ({e.Message}): reopening it");
                await Task.Delay(options.CheckInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public void UpdateKernelDrops()
    {
        lock (_gate)
        {
            if (_current is { } socket)
            {
                counters.DroppedByKernel(socket.TakeDrops());
            }
        }
    }

    private bool TryOpen([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MulticastSocket? socket)
    {
        socket = null;
        NetworkLink? link = null;
        if (_isGroup)
        {
            link = FindLink();
            if (link is null)
            {
                ReportWaiting(options.Interface is { } name
                    ? $"there is no interface {name} on this host: set MULTICAST_INTERFACE to an existing interface or to one of its addresses"
                    : $"there is no route to the group {address}: set MULTICAST_INTERFACE or add a route");
                return false;
            }
        }

        try
        {
            socket = MulticastSocket.Open(address, options.Port, link, options.ReceiveBuffer);
            Tell(_hasListened ? ListenerState.Rejoined : ListenerState.Listening, socket);
            return true;
        }
        catch (SocketException e)
        {
            ReportWaiting(Explain(e, link));
            return false;
        }
    }

    private async Task ListenAsync(MulticastSocket socket, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        DatagramReader reader = DatagramReader.Create(socket.Socket);
        lock (_gate)
        {
            _current = socket;
        }

        try
        {
            Task watch = WatchAsync(socket, ended);
            try
            {
                await ReadAsync(socket.Socket, reader, ended.Token);
            }
            finally
            {
                await ended.CancelAsync();
                await watch;
            }
        }
        finally
        {
            UpdateKernelDrops();
            lock (_gate)
            {
                _current = null;
            }

            socket.Dispose();
        }
    }

    /// <summary>Reads on its own thread until the listener ends.</summary>
    private async Task ReadAsync(Socket socket, DatagramReader reader, CancellationToken ended)
    {
        using CancellationTokenRegistration waking = ended.UnsafeRegister(static s => SocketWait.Wake((Socket)s!), socket);
        await Task.Factory.StartNew(() => Read(socket, reader, ended), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Read(Socket socket, DatagramReader reader, CancellationToken ended)
    {
        MulticastBatch batch = new(reader.Buffer, DatagramReader.Capacity);
        try
        {
            while (!ended.IsCancellationRequested)
            {
                SocketWait.UntilReadable(socket, ended);
                filter.Filter(reader, batch, reader.Read());
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nothing arrived before the end.
        }

        // Datagrams that arrived before the end count; read one buffer at most, because the senders do not stop.
        filter.Filter(reader, batch, reader.Read());
    }

    // The kernel keeps a membership when a link goes down and up, but not when the interface returns with a new index.
    private async Task WatchAsync(MulticastSocket socket, CancellationTokenSource ended)
    {
        bool wasUp = true;
        using PeriodicTimer timer = new(options.CheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                UpdateKernelDrops();
                if (socket.Link is not { } joined)
                {
                    continue;
                }

                // A link that is down has no routes, so find it by index.
                NetworkLink? now = FindLink() ?? NetworkLink.Find(joined.Index);
                if (now is null || now.Value.Index != joined.Index)
                {
                    await ended.CancelAsync();
                    return;
                }

                bool isUp = now.Value.IsUp;
                if (isUp && !wasUp)
                {
                    socket.Rejoin();
                    Tell(ListenerState.Rejoined, socket);
                }

                wasUp = isUp;
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has ended, or everything is stopping.
            return;
        }
        catch (SocketException e)
        {
            ReportWaiting(Explain(e, socket.Link));
            await ended.CancelAsync();
        }
        catch
        {
            // Otherwise the error would go unnoticed until the reader ends.
            await ended.CancelAsync();
            throw;
        }
    }

    private NetworkLink? FindLink() => options.Interface is { } name ? NetworkLink.Find(name) : NetworkLink.Towards(address);

    private void Tell(ListenerState state, MulticastSocket socket)
    {
        _problem = null;
        _hasListened = true;
        handler.OnListener(new MulticastListenerStatus
        {
            Address = address,
            State = state,
            Port = ((IPEndPoint)socket.Socket.LocalEndPoint!).Port,
            Interface = socket.Link?.Name,
            ReceiveBuffer = socket.ReceiveBuffer,
            WantedReceiveBuffer = options.ReceiveBuffer,
        });
    }

    private void ReportWaiting(string problem)
    {
        // Report a repeating problem once.
        if (_problem == problem)
        {
            return;
        }

        _problem = problem;
        handler.OnListener(new MulticastListenerStatus { Address = address, Port = options.Port, State = ListenerState.Waiting, Problem = problem });
    }

    private string Explain(SocketException e, NetworkLink? link) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"another program uses {address} port {options.Port}: stop it or choose another MULTICAST_PORT",
        SocketError.AddressNotAvailable when link is null => $"{address} is neither a multicast group nor an address of this host: correct MULTICAST_ADDRESS",
        SocketError.AccessDenied => $"port {options.Port} requires privileges that this process lacks: choose a MULTICAST_PORT above 1023",
        _ => $"cannot listen on {address} port {options.Port}{(link is { } named ? $" on {named.Name}" : "")}: {e.Message}",
    };
}
