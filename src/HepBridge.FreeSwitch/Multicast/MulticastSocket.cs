using System.Net;
using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>One bound socket: for a group joined on one interface, or for an address of this host.</summary>
internal sealed class MulticastSocket : IDisposable
{
    // From Linux's headers; .NET does not define them.
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;
    private const int IPProtocol = 0;
    private const int IPMulticastAll = 49;
    private const int IPv6Protocol = 41;
    private const int IPv6MulticastAll = 29;

    private readonly IPAddress _group;
    private uint _drops;

    private MulticastSocket(Socket socket, IPAddress group, NetworkLink? link)
    {
        Socket = socket;
        _group = group;
        Link = link;
    }

    public Socket Socket { get; }

    /// <summary>Where the group is joined; null for an address of this host.</summary>
    public NetworkLink? Link { get; }

    /// <summary>Granted by the kernel, in bytes.</summary>
    public int ReceiveBuffer { get; private set; }

    /// <summary>Opens, binds and joins.</summary>
    /// <param name="address">The group, or an address of this host.</param>
    /// <param name="port">The UDP port.</param>
    /// <param name="link">The interface to join on; null for an address of this host.</param>
    /// <param name="receiveBuffer">The receive buffer to request, in bytes.</param>
    /// <exception cref="SocketException">The address does not exist here, the port is in use, or the group cannot be joined.</exception>
    public static MulticastSocket Open(IPAddress address, int port, NetworkLink? link, int receiveBuffer)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        MulticastSocket opened = new(socket, address, link);
        try
        {
            // Before binding, so that the first burst finds it.
            opened.ReceiveBuffer = ReceiveQueue.Enlarge(socket, receiveBuffer);
            if (link is { } joined)
            {
                opened.Share();
                socket.Bind(opened.GroupEndPoint(port, joined));
                opened.SetMembership(SocketOptionName.AddMembership);
            }
            else
            {
                // Not shared: two programs on one unicast port would steal each other's datagrams.
                socket.Bind(new IPEndPoint(address, port));
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Rejoins on the same interface: a switch that snoops IGMP may have forgotten the membership while the link was down.</summary>
    /// <exception cref="SocketException">The group cannot be joined.</exception>
    public void Rejoin()
    {
        try
        {
            SetMembership(SocketOptionName.DropMembership);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // The kernel has already dropped the membership, which is the goal.
        }

        SetMembership(SocketOptionName.AddMembership);
    }

    /// <summary>Datagrams dropped by the kernel since the last call; 0 on systems that do not report it.</summary>
    public uint TakeDrops()
    {
        uint total = ReceiveQueue.Drops(Socket);
        uint since = total - _drops;
        _drops = total;
        return since;
    }

    public void Dispose() => Socket.Dispose();

    // Several receivers of a group on one host each get every datagram.
    private void Share()
    {
        if (OperatingSystem.IsLinux())
        {
            Set(SolSocket, SoReuseAddress, 1);

            // Receive only what this socket joined itself, not groups that another program joined on another interface.
            try
            {
                (int level, int name) = _group.AddressFamily == AddressFamily.InterNetworkV6 ? (IPv6Protocol, IPv6MulticastAll) : (IPProtocol, IPMulticastAll);
                Set(level, name, 0);
            }
            catch (SocketException)
            {
                // An older kernel: the group's address, which the socket is bound to, is what counts.
            }

            return;
        }

        Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
    }

    // Bound to the group itself, a socket receives only that group's datagrams; Windows requires a local address.
    private IPEndPoint GroupEndPoint(int port, NetworkLink link)
    {
        bool ipv6 = _group.AddressFamily == AddressFamily.InterNetworkV6;
        if (OperatingSystem.IsWindows())
        {
            return new IPEndPoint(ipv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
        }

        return new IPEndPoint(ipv6 && _group.IsIPv6Multicast ? new IPAddress(_group.GetAddressBytes(), IsLinkLocal() ? link.Index : 0) : _group, port);
    }

    // ff02::/16 is a different group on each interface.
    private bool IsLinkLocal() => (_group.GetAddressBytes()[1] & 0x0f) is 1 or 2;

    private void SetMembership(SocketOptionName change)
    {
        if (_group.AddressFamily == AddressFamily.InterNetworkV6)
        {
            Socket.SetSocketOption(SocketOptionLevel.IPv6, change, new IPv6MulticastOption(_group, Link!.Value.Index));
        }
        else
        {
            Socket.SetSocketOption(SocketOptionLevel.IP, change, new MulticastOption(_group, Link!.Value.Index));
        }
    }

    private void Set(int level, int name, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, value);
        Socket.SetRawSocketOption(level, name, bytes);
    }
}
