using System.Net;
using System.Net.Sockets;

namespace HepBridge.Collector.Receiving;

/// <summary>Binds one port for UDP and TCP, and explains failures in one sentence.</summary>
internal static class HepSockets
{
    // Port 0: the kernel picks a port for one transport, which another program may hold for the other.
    private const int Tries = 16;

    /// <summary>A bound UDP socket, and optionally a listening TCP socket on the same port.</summary>
    /// <exception cref="IOException">One of them cannot be bound.</exception>
    public static (Socket Datagrams, Socket? Connections) Bind(IPEndPoint endPoint, bool tcp)
    {
        for (int i = 1; ; i++)
        {
            Socket datagrams = Bind(endPoint, SocketType.Dgram, ProtocolType.Udp);
            if (!tcp)
            {
                return (datagrams, null);
            }

            try
            {
                Socket connections = Bind((IPEndPoint)datagrams.LocalEndPoint!, SocketType.Stream, ProtocolType.Tcp);
                connections.Listen();
                return (datagrams, connections);
            }
            catch (IOException) when (endPoint.Port == 0 && i < Tries)
            {
                datagrams.Dispose();
            }
            catch
            {
                datagrams.Dispose();
                throw;
            }
        }
    }

    private static Socket Bind(IPEndPoint endPoint, SocketType type, ProtocolType protocol)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, type, protocol);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new IOException(Explain(endPoint, protocol == ProtocolType.Udp ? "UDP" : "TCP", e), e);
        }
    }

    private static string Explain(IPEndPoint endPoint, string transport, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Cannot listen on {transport} {endPoint}: another program uses the port. Stop it ('ss -lntup' shows it), or choose another port.",
        SocketError.AddressNotAvailable =>
            $"Cannot listen on {transport} {endPoint}: this host has no address {endPoint.Address}. Choose one that 'ip address' shows.",
        SocketError.AccessDenied =>
            $"Cannot listen on {transport} {endPoint}: not allowed. Ports below 1024 need root or CAP_NET_BIND_SERVICE; choose a higher one.",
        _ => $"Cannot listen on {transport} {endPoint}: {e.Message}.",
    };
}
