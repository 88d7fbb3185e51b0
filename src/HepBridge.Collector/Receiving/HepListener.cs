using System.Net;
using System.Net.Sockets;
using HepBridge.Hep;

namespace HepBridge.Collector.Receiving;

/// <summary>
/// Receives HEP3 packets by UDP, and by TCP on the same port, and passes each to a handler. Runs from <see
/// cref="Start"/> until disposed.
/// </summary>
internal sealed class HepListener : IAsyncDisposable
{
    /// <summary>Most connections at once; further ones wait in the kernel's queue.</summary>
    private const int MaxConnections = 256;

    // Bursts wait here; the kernel grants what its limit allows (net.core.rmem_max).
    private const int DatagramBufferSize = 8 * 1024 * 1024;

    private readonly IHepHandler _handler;
    private readonly Socket _datagrams;
    private readonly Socket? _connections;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _slots = new(MaxConnections, MaxConnections);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loops;
    private int _disposed;

    private HepListener(IHepHandler handler, Socket datagrams, Socket? connections)
    {
        _handler = handler;
        _datagrams = datagrams;
        _connections = connections;
        EndPoint = (IPEndPoint)datagrams.LocalEndPoint!;
        _loops = Task.WhenAll(
            Task.Run(() => GuardAsync(ReceiveDatagramsAsync)),
            connections is null ? Task.CompletedTask : Task.Run(() => GuardAsync(() => AcceptAsync(connections))));
    }

    /// <summary>Its address, with the actual port if 0 was requested.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Completes on disposal; faults if the handler threw or a socket failed, after which nothing more is received.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Binds and starts to receive.</summary>
    /// <param name="endPoint">Address; port 0 picks one that is free for both transports; :: receives IPv4, too.</param>
    /// <param name="handler">Receives the packets.</param>
    /// <param name="tcp">Whether to receive TCP as well as UDP.</param>
    /// <exception cref="IOException">The port is unavailable; the message says why, for which transport, and what to do.</exception>
    public static HepListener Start(IPEndPoint endPoint, IHepHandler handler, bool tcp = true)
    {
        (Socket datagrams, Socket? connections) = HepSockets.Bind(endPoint, tcp);
        datagrams.ReceiveBufferSize = DatagramBufferSize;
        return new HepListener(handler, datagrams, connections);
    }

    /// <summary>Stops receiving, closes all sockets, and returns after the handler's last call.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _loops;
        for (int i = 0; i < MaxConnections; i++)
        {
            // A connection holds its slot until its loop has ended.
            await _slots.WaitAsync(CancellationToken.None);
        }

        _datagrams.Dispose();
        _connections?.Dispose();
        _slots.Dispose();
        _stopping.Dispose();
        _completion.TrySetResult();
    }

    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The regular end of every loop.
        }
#pragma warning disable CA1031 // Whatever ends a loop is the listener's result, for whoever awaits it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _completion.TrySetException(e);
        }
    }

    private async Task ReceiveDatagramsAsync()
    {
        byte[] buffer = new byte[HepEncoder.MaxPacketLength];
        SocketAddress from = new(_datagrams.AddressFamily);
        SocketAddress known = new(_datagrams.AddressFamily);
        HepSender sender = HepSender.Of(EndPoint, SenderTransport.Udp);
        while (true)
        {
            int length = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, from, _stopping.Token);
            if (!from.Equals(known))
            {
                sender = HepSender.Of(EndPoint.Create(from), SenderTransport.Udp);
                (known, from) = (from, known);
            }

            Decode(buffer.AsSpan(0, length), sender);
        }
    }

    private async Task AcceptAsync(Socket connections)
    {
        while (true)
        {
            await _slots.WaitAsync(_stopping.Token);
            bool serving = false;
            try
            {
                Socket connection = await connections.AcceptAsync(_stopping.Token);
                _ = ServeAsync(connection);
                serving = true;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // The peer left before it was accepted: it has sent nothing.
            }
            finally
            {
                if (!serving)
                {
                    _slots.Release();
                }
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        await Task.Yield();
        using (connection)
        {
            await GuardAsync(() => ReadStreamAsync(connection));
        }

        _slots.Release();
    }

    private async Task ReadStreamAsync(Socket connection)
    {
        HepSender sender = HepSender.Of(connection.RemoteEndPoint!, SenderTransport.Tcp);
        byte[] buffer = new byte[HepEncoder.MaxPacketLength];
        int filled = 0;
        while (true)
        {
            int received = await ReceiveAsync(connection, buffer.AsMemory(filled));
            if (received == 0)
            {
                if (filled > 0)
                {
                    Reject(HepReject.Truncated, buffer.AsSpan(0, filled), sender);
                }

                return;
            }

            filled += received;
            if (!TryTakePackets(buffer.AsSpan(0, filled), sender, out int taken))
            {
                return;
            }

            buffer.AsSpan(taken..filled).CopyTo(buffer);
            filled -= taken;
        }
    }

    // 0 also if the peer broke off: an unfinished packet is handled the same way.
    private async ValueTask<int> ReceiveAsync(Socket connection, Memory<byte> buffer)
    {
        try
        {
            return await connection.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    // False: the stream cannot be followed any further, because the start of the next packet is unknown.
    private bool TryTakePackets(ReadOnlySpan<byte> received, HepSender sender, out int taken)
    {
        taken = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = received[taken..];
            switch (HepStreamFramer.Next(rest, out int length))
            {
                case HepFrame.NeedMore:
                    return true;
                case HepFrame.Packet:
                    Decode(rest[..length], sender);
                    taken += length;
                    break;
                case HepFrame.BadLength:
                    Reject(HepReject.BadTotalLength, rest, sender);
                    return false;
                default:
                    Reject(HepReject.NotHep, rest, sender);
                    return false;
            }
        }
    }

    private void Decode(ReadOnlySpan<byte> bytes, HepSender sender)
    {
        if (HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reason))
        {
            lock (_gate)
            {
                _handler.OnPacket(packet, bytes, sender);
            }
        }
        else
        {
            Reject(reason, bytes, sender);
        }
    }

    private void Reject(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        lock (_gate)
        {
            _handler.OnMalformed(reason, bytes, sender);
        }
    }
}
