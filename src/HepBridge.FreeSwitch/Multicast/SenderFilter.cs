using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>The networks whose datagrams are accepted (<c>allowed_senders</c>); empty accepts all.</summary>
public sealed class SenderFilter
{
    private readonly (UInt128 Network, UInt128 Mask, bool IPv6)[] _networks;

    public SenderFilter(IEnumerable<IPNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        _networks = [.. networks.Select(Compile)];
    }

    public bool Allows(SenderAddress sender)
    {
        foreach ((UInt128 network, UInt128 mask, bool ipv6) in _networks)
        {
            // ::/0 means every IPv6 address, not the IPv4 ones stored in mapped form.
            if (sender.IsIPv6 == ipv6 && (sender.Bits & mask) == network)
            {
                return true;
            }
        }

        return _networks.Length == 0;
    }

    private static (UInt128 Network, UInt128 Mask, bool IPv6) Compile(IPNetwork network)
    {
        SenderAddress address = SenderAddress.From(network.BaseAddress);
        int prefix = network.PrefixLength + (address.IsIPv6 || network.BaseAddress.IsIPv4MappedToIPv6 ? 0 : 96);
        UInt128 mask = prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - prefix);
        return (address.Bits & mask, mask, address.IsIPv6);
    }
}
