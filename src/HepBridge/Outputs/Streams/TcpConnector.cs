using System.Net;
using System.Net.Sockets;

namespace HepBridge.Outputs.Streams;

/// <summary>Connects by TCP: every address of the collector's name in turn.</summary>
internal sealed class TcpConnector(StreamTimings timings, TimeProvider time) : IStreamConnector
{
    /// <summary>What our kernel may hold: enough for a long way, little enough to lose.</summary>
    private const int SendBufferBytes = 256 * 1024;

    // Linux: data that is not acknowledged for so long ends the connection (tcp(7), TCP_USER_TIMEOUT).
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
        using CancellationTokenSource timeout = new(timings.Connect, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        SocketException? last = null;
        try
        {
            foreach (EndPoint endPoint in await address.ResolveAsync(both.Token))
            {
                Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    SetOptions(socket);
                    await socket.ConnectAsync(endPoint, both.Token);
                    return socket;
                }
                catch (SocketException e)
                {
                    socket.Dispose();
                    last = e;
                }
                catch (OperationCanceledException)
                {
                    socket.Dispose();
                    throw;
                }
            }
        }
        catch (SocketException e)
        {
            last = e;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectFailedException($"no answer within {timings.Connect.TotalSeconds} s");
        }

        throw new ConnectFailedException(last?.Message ?? "no address", last);
    }

    private static void SetOptions(Socket socket)
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
    }
}
