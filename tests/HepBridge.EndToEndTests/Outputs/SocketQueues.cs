using System.Globalization;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>How much of what was written to a TCP connection of this host its other end has not read (<c>/proc/net/tcp</c>).</summary>
internal static class SocketQueues
{
    public static bool IsSupported => File.Exists("/proc/net/tcp");

    /// <summary>Octets in the sender's queue and in the receiver's, between two ports of loopback; what is in both for a moment counts twice.</summary>
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
