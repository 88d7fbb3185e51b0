using System.Globalization;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>Bytes written to a TCP connection of this host that its other end has not read (<c>/proc/net/tcp</c>).</summary>
internal static class SocketQueues
{
    public static bool IsSupported => File.Exists("/proc/net/tcp");

    /// <summary>Bytes in the sender's and the receiver's queue between two loopback ports; bytes momentarily in both count twice.</summary>
    public static long Unread(int senderPort, int receiverPort)
    {
        long unread = 0;
        foreach (string line in File.ReadLines("/proc/net/tcp").Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            (int local, int remote) = (PortOf(fields[1]), PortOf(fields[2]));
            string[] queues = fields[4].Split(':');
            if (local == senderPort && remote == receiverPort)
            {
                unread += long.Parse(queues[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else if (local == receiverPort && remote == senderPort)
            {
                unread += long.Parse(queues[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return unread;
    }

    private static int PortOf(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
