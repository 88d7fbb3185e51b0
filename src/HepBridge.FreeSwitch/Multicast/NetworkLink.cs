using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>A snapshot of a network interface.</summary>
internal readonly record struct NetworkLink(string Name, int Index, bool IsUp)
{
    /// <summary>The interface with this name or address; null if there is none.</summary>
    public static NetworkLink? Find(string nameOrAddress)
    {
        bool isAddress = IPAddress.TryParse(nameOrAddress, out IPAddress? address);
        return All(candidate => candidate.Name == nameOrAddress || (isAddress && Has(candidate, address!))).FirstOrDefault();
    }

    /// <summary>The interface with this index; null if there is none.</summary>
    public static NetworkLink? Find(int index) => All(_ => true).FirstOrDefault(link => link!.Value.Index == index);

    /// <summary>The interface that the routing table selects for a group; null without a route.</summary>
    public static NetworkLink? Towards(IPAddress group)
    {
        if (group.AddressFamily == AddressFamily.InterNetworkV6 && group.ScopeId != 0)
        {
            return Find((int)group.ScopeId);
        }

        try
        {
            using Socket probe = new(group.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

            // Connecting a UDP socket sends nothing; it only looks up the route.
            probe.Connect(new IPEndPoint(group, 9));
            return Find(((IPEndPoint)probe.LocalEndPoint!).Address.ToString());
        }
        catch (SocketException)
        {
            // No route is an answer, not a failure: the caller waits and reports it.
            return null;
        }
    }

    private static IEnumerable<NetworkLink?> All(Func<NetworkInterface, bool> isWanted) => NetworkInterface.GetAllNetworkInterfaces().Where(isWanted).Select(From);

    private static NetworkLink? From(NetworkInterface candidate)
    {
        IPInterfaceProperties properties = candidate.GetIPProperties();
        int index = candidate.Supports(NetworkInterfaceComponent.IPv4) ? properties.GetIPv4Properties().Index : properties.GetIPv6Properties().Index;
        return new NetworkLink(candidate.Name, index, candidate.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown);
    }

    private static bool Has(NetworkInterface candidate, IPAddress address) => candidate.GetIPProperties().UnicastAddresses.Any(
        own => own.Address.Equals(address) || (address.IsIPv6LinkLocal && own.Address.ToString().StartsWith($"{address}%", StringComparison.Ordinal)));
}
