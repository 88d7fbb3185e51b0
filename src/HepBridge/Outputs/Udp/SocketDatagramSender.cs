using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>One system call per packet, for systems other than Linux.</summary>
internal sealed class SocketDatagramSender(Socket socket) : IDatagramSender
{
    public (int Count, int Bytes) Send(ReadOnlySpan<byte> packets, out SocketError error)
    {
        int count = 0;
        int at = 0;
        while (at < packets.Length)
        {
            int length = PacketBlock.PacketLength(packets[at..]);
            socket.Send(packets.Slice(at, length), SocketFlags.None, out error);
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

    public void Dispose()
    {
    }
}
