using System.Net;
using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>A connected, non-blocking datagram socket with the fastest sender of the system.</summary>
internal sealed class DatagramSocket : IDisposable
{
    /// <summary>Wanted send buffer; the kernel may give less.</summary>
    private const int SendBufferBytes = 4 << 20;

    private readonly Socket _socket;
    private readonly IDatagramSender _sender;

    /// <exception cref="SocketException">No route, or the address family is not there.</exception>
    public DatagramSocket(EndPoint collector)
    {
        ProtocolType protocol = collector.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Udp;
        _socket = new Socket(collector.AddressFamily, SocketType.Dgram, protocol);
        try
        {
            _socket.Blocking = false;
            _socket.SendBufferSize = SendBufferBytes;
            _socket.Connect(collector);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        EndPoint = collector;
        _sender = OperatingSystem.IsLinux() && BatchDatagramSender.IsSupported
            ? new BatchDatagramSender(_socket)
            : new SocketDatagramSender(_socket);
    }

    public EndPoint EndPoint { get; }

    /// <inheritdoc cref="IDatagramSender.Send"/>
    public (int Count, int Bytes) Send(ReadOnlySpan<byte> packets, out SocketError error) => _sender.Send(packets, out error);

    /// <summary>The error that waits for the next call, an ICMP answer mostly; it is gone then.</summary>
    public SocketError TakeError() =>
        _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int and not 0 ? SocketError.ConnectionRefused : SocketError.Success;

    /// <summary>Sends one packet, waiting until the kernel has room for it.</summary>
    public async Task SendWaitingAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) =>
        await _socket.SendAsync(packet, SocketFlags.None, cancellationToken);

    public void Dispose()
    {
        _sender.Dispose();
        _socket.Dispose();
    }
}
