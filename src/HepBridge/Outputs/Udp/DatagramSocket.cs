using System.Net;
using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>A connected, non-blocking datagram socket. Sends many packets per system call where the system can.</summary>
internal sealed class DatagramSocket : IDisposable
{
    /// <summary>Requested send buffer; the kernel may grant less.</summary>
    private const int SendBufferBytes = 4 << 20;

    private readonly Socket _socket;
    private readonly DatagramBatch? _batch;

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
        _batch = DatagramBatch.IsSupported ? new DatagramBatch(_socket) : null;
    }

    public EndPoint EndPoint { get; }

    /// <summary>
    /// Sends packets from the start of <paramref name="packets"/>, some or all, without waiting. <paramref name="error"/> says why the first
    /// unsent one was not accepted, if the kernel reported it; <see cref="SocketError.Success"/> with packets left means: call again.
    /// </summary>
    /// <returns>The number of packets accepted, and their bytes.</returns>
    public (int Count, int Bytes) Send(ReadOnlySpan<byte> packets, out SocketError error)
    {
        if (_batch is not null && PacketBlock.PacketLength(packets) < packets.Length)
        {
            return _batch.Send(packets, out error);
        }

        int count = 0;
        int at = 0;
        while (at < packets.Length)
        {
            int length = PacketBlock.PacketLength(packets[at..]);
            _socket.Send(packets.Slice(at, length), SocketFlags.None, out error);
            if (error != SocketError.Success)
            {
                return (count, at);
            }

            at += length;
            count++;
        }

        error = SocketError.Success;
        return (count, at);
    }

    /// <summary>Takes the pending error, usually an ICMP response; it is cleared.</summary>
    public SocketError TakeError() =>
        _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int and not 0 ? SocketError.ConnectionRefused : SocketError.Success;

    /// <summary>Sends one packet, waiting until the kernel has room.</summary>
    public async Task SendWaitingAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) =>
        await _socket.SendAsync(packet, SocketFlags.None, cancellationToken);

    public void Dispose()
    {
        _batch?.Dispose();
        _socket.Dispose();
    }
}
