using System.Net;
using System.Net.Sockets;

namespace HepBridge.Outputs.Streams;

/// <summary>Connects by TCP, trying every address of the collector's name in turn.</summary>
internal sealed class TcpConnector(StreamTimings timings, TimeProvider time) : IStreamConnector
{
    /// <summary>Send buffer: enough for a long path, little enough to lose.</summary>
    private const int SendBufferBytes = 256 * 1024;

    // Linux: unacknowledged data ends the connection after this time (tcp(7), TCP_USER_TIMEOUT).
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 30_000;

    public string Transport => "tcp";

    public bool HasChanged() => false;

    public async Task<StreamConnection> ConnectAsync(CollectorAddress address, WakeSignal wake, CancellationToken cancellationToken)
    {
        Socket socket = await ConnectSocketAsync(address, cancellationToken);
        TcpConnection connection = new(socket, wake);
        connection.Watch();
        return connection;
    }

    /// <inheritdoc cref="IStreamConnector.ConnectAsync"/>
    public async Task<Socket> ConnectSocketAsync(CollectorAddress address, CancellationToken cancellationToken)
    {
        IReadOnlyList<EndPoint> endPoints;
        try
        {
            endPoints = await InTimeAsync(address.ResolveAsync, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new ConnectFailedException(e.Message, e);
        }

        ConnectFailedException failure = new("no address");
        foreach (EndPoint endPoint in endPoints)
        {
            try
            {
                return await InTimeAsync(token => ConnectAsync(endPoint, token), cancellationToken);
            }
            catch (Exception e) when (e is SocketException or ConnectFailedException)
            {
                failure = e as ConnectFailedException ?? new ConnectFailedException(e.Message, e);
            }
        }

        throw failure;
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            socket.SendBufferSize = SendBufferBytes;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
            }

            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Each step gets the full timeout, so that an address that never answers does not use up the next one's time.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(timings.Connect, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await step(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectFailedException($"no answer within {timings.Connect.TotalSeconds} s");
        }
    }
}

/// <summary>A plain TCP connection. It knows exactly how many bytes the kernel has accepted, so a failure duplicates one packet at most.</summary>
internal sealed class TcpConnection : StreamConnection
{
    private int _torn;

    public TcpConnection(Socket socket, WakeSignal wake)
        : base(socket, new NetworkStream(socket), wake)
    {
        // Only now: the stream requires a blocking socket when it is created.
        socket.Blocking = false;
    }

    protected override bool IsTorn => _torn > 0;

    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellationToken)
    {
        int sent = Socket.Send(packets.Span[_torn..], SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            throw new SocketException((int)error);
        }

        if (sent > 0)
        {
            int end = _torn + sent;
            int whole = PacketBlock.WholePackets(packets.Span, end).Bytes;
            _torn = end - whole;
            return whole;
        }

        // No room: only the next packet waits inside the kernel's call; those after it may still go to the spool.
        int length = PacketBlock.PacketLength(packets.Span);
        while (_torn < length)
        {
            _torn += await Socket.SendAsync(packets[_torn..length], SocketFlags.None, cancellationToken);
        }

        _torn = 0;
        return length;
    }
}
