using System.Net;
using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Reads one datagram per call, with .NET's sockets only.</summary>
internal sealed class PortableDatagramReader(Socket socket) : DatagramReader
{
    private readonly SocketAddress _address = new(socket.AddressFamily);

    public override int Read()
    {
        int count = 0;
        while (count < Capacity && socket.Poll(0, SelectMode.SelectRead))
        {
            int length = socket.ReceiveFrom(Buffer.AsSpan(count * SlotLength, SlotLength), SocketFlags.None, _address);
            Set(count++, length, Source());
        }

        return count;
    }

    private SenderAddress Source() => SocketAddressBytes.Read(_address.Buffer.Span, _address.Family == AddressFamily.InterNetworkV6);
}
