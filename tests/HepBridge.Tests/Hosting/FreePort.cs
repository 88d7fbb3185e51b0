using System.Net;
using System.Net.Sockets;

namespace HepBridge.Tests.Hosting;

/// <summary>Ports for those that can't choose one themselves, or for nobody.</summary>
internal static class FreePort
{
    /// <summary>A port that nobody has on loopback, neither by TCP nor by UDP; somebody may take it a moment later, so who starts
    /// a program on it tries again then.</summary>
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
                // Somebody's UDP port: the next one.
            }
        }
    }
}
