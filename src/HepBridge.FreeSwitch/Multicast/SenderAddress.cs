using System.Buffers.Binary;
using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>A datagram's source as plain bits: comparable, without allocation. An IPv4-mapped IPv6 address is stored as IPv4.</summary>
public readonly record struct SenderAddress
{
    private const ulong Mapped = 0xffff_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    // IPv4 is stored in mapped form, so that one comparison serves both families.
    private SenderAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    public bool IsIPv6 => _high != 0 || _low >> 32 != Mapped >> 32;

    internal UInt128 Bits => new(_high, _low);

    /// <summary>An address from its 4 or 16 bytes in network order; anything else is ::.</summary>
    public static SenderAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => new(0, Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => default,
    };

    public static SenderAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return FromBytes(bytes[..length]);
    }

    /// <summary>The address as an <see cref="IPAddress"/> (allocates).</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return new IPAddress(IsIPv6 ? bytes : bytes[12..]);
    }

    public override int GetHashCode() => HashCode.Combine(_high, _low);

    public override string ToString() => ToIPAddress().ToString();
}

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
