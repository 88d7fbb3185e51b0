using System.Net.Sockets;

namespace HepBridge.Outputs.Streams;

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
