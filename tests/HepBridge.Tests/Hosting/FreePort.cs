using System.Net;
using System.Net.Sockets;

namespace HepBridge.Tests.Hosting;

/// <summary>Ports for programs that cannot choose one themselves, or that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>A loopback port free for TCP and UDP. Another process may take it a moment later, so retry when starting a program on it.</summary>
    public static int Next()
    {
        while (true)
        {
            using Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            int port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
            using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // In use for UDP: try the next one.
            }
        }
    }
}
