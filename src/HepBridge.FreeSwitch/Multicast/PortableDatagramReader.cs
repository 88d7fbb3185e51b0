using System.Net;
using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>One call a datagram, by the class library only.</summary>
internal sealed class PortableDatagramReader(Socket socket) : DatagramReader
{
    private readonly SocketAddress _address = new(socket.AddressFamily);
    private int _waited;

    /// <summary>Reads the first datagram itself: on some systems looking at one without reading it is an error.</summary>
    public override async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        int length = await socket.ReceiveFromAsync(Buffer.AsMemory(0, SlotLength), SocketFlags.None, _address, cancellationToken);
        Set(0, length, Source());
        return _waited = 1;
    }

    public override int Read()
    {
        int count = _waited;
        _waited = 0;
        while (count < Capacity && socket.Poll(0, SelectMode.SelectRead))
        {
            int length = socket.ReceiveFrom(Buffer.AsSpan(count * SlotLength, SlotLength), SocketFlags.None, _address);
            Set(count++, length, Source());
        }

        return count;
    }

    private SenderAddress Source() => SocketAddressBytes.Read(_address.Buffer.Span, _address.Family == AddressFamily.InterNetworkV6);
}
