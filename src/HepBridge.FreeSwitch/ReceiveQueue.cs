using System.Net.Sockets;

namespace HepBridge.FreeSwitch;

/// <summary>The kernel's receive queue of a datagram socket: its size and drops.</summary>
internal static class ReceiveQueue
{
    // From Linux's headers; .NET does not define them.
    private const int SolSocket = 1;
    private const int SoReceiveBuffer = 8;
    private const int SoReceiveBufferForce = 33;
    private const int SoMemoryInfo = 55;
    private const int SoMemoryInfoDrops = 8;

    /// <summary>Requests a size in bytes; returns what the kernel granted.</summary>
    public static int Enlarge(Socket socket, int wanted)
    {
        if (!OperatingSystem.IsLinux())
        {
            socket.ReceiveBufferSize = wanted;
            return socket.ReceiveBufferSize;
        }

        // Root may exceed net.core.rmem_max, others may not. The kernel reports twice the requested size.
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, wanted);
        try
        {
            socket.SetRawSocketOption(SolSocket, SoReceiveBufferForce, bytes);
        }
        catch (SocketException)
        {
            socket.SetRawSocketOption(SolSocket, SoReceiveBuffer, bytes);
        }

        socket.GetRawSocketOption(SolSocket, SoReceiveBuffer, bytes);
        return BitConverter.ToInt32(bytes) / 2;
    }

    /// <summary>Datagrams dropped since the socket was opened, modulo 2³²; 0 on systems that do not report it.</summary>
    public static uint Drops(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        Span<byte> info = stackalloc byte[sizeof(uint) * (SoMemoryInfoDrops + 1)];
        return socket.GetRawSocketOption(SolSocket, SoMemoryInfo, info) < info.Length
            ? 0
            : BitConverter.ToUInt32(info[(sizeof(uint) * SoMemoryInfoDrops)..]);
    }
}
