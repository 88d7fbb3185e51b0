using System.Net;
using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>A connected, non-blocking datagram socket with the system's fastest sender.</summary>
internal sealed class DatagramSocket : IDisposable
{
    /// <summary>Requested send buffer; the kernel may grant less.</summary>
    private const int SendBufferBytes = 4 << 20;

    private readonly Socket _socket;
    private readonly IDatagramSender _sender;

    /// <exception cref="SocketException">No route, or the address family is unavailable.</exception>
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

    /// <summary>Takes the pending error, usually an ICMP response; it is cleared.</summary>
    public SocketError TakeError() =>
        _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int and not 0 ? SocketError.ConnectionRefused : SocketError.Success;

    /// <summary>Sends one packet, waiting until the kernel has room.</summary>
    public async Task SendWaitingAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) =>
        await _socket.SendAsync(packet, SocketFlags.None, cancellationToken);

    public void Dispose()
    {
        _sender.Dispose();
        _socket.Dispose();
    }
}
