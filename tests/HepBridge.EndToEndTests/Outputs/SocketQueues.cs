using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>Bytes written to a TCP connection of this host that its other end has not read (<c>/proc/net/tcp</c>).</summary>
internal static class SocketQueues
{
    public static bool IsSupported => File.Exists("/proc/net/tcp");

    /// <summary>Bytes in the sender's and the receiver's queue between two loopback ports; bytes momentarily in both count twice.</summary>
    public static long Unread(int senderPort, int receiverPort)
    {
        long unread = 0;
        foreach (Row row in Rows())
        {
            if (row.Local == senderPort && row.Remote == receiverPort)
            {
                unread += row.Sending;
            }
            else if (row.Local == receiverPort && row.Remote == senderPort)
            {
                unread += row.Received;
            }
        }

        return unread;
    }

    /// <summary>
    /// Bytes that connections of this host to a port of loopback could not hand to their receiver yet. While it reads nothing, they stay the
    /// same: the window is closed, or the receiver drops what it has no memory for, and the kernel sends it again.
    /// </summary>
    public static long Unsent(int receiverPort) => Rows().Where(row => row.Remote == receiverPort).Sum(row => row.Sending);

    /// <summary>Segments of a connection that were sent and not acknowledged (<c>tcpi_unacked</c> of <c>TCP_INFO</c>).</summary>
    public static int Unacknowledged(Socket socket)
    {
        const int Tcp = 6;
        const int TcpInfo = 11;
        const int UnackedOffset = 24;
        Span<byte> info = stackalloc byte[UnackedOffset + 4];
        try
        {
            return socket.GetRawSocketOption(Tcp, TcpInfo, info) == info.Length ? BinaryPrimitives.ReadInt32LittleEndian(info[UnackedOffset..]) : 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static IEnumerable<Row> Rows() => File.ReadLines("/proc/net/tcp").Skip(1).Select(line =>
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] queues = fields[4].Split(':');
        return new Row(PortOf(fields[1]), PortOf(fields[2]), Hex(queues[0]), Hex(queues[1]));
    });

    private static int PortOf(string address) => (int)Hex(address.Split(':')[1]);

    private static long Hex(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A socket: its ports, and the bytes in its two queues.</summary>
    private readonly record struct Row(int Local, int Remote, long Sending, long Received);
}
