using System.Buffers.Binary;
using System.Net;

namespace HepBridge.Hep;

/// <summary>
/// An IPv4 or IPv6 address as plain bits: comparable, without allocation, ready for chunks 0x0003–0x0006.
/// <see langword="default"/> is IPv4 0.0.0.0. An IPv4-mapped IPv6 address (::ffff:a.b.c.d) is always stored as IPv4.
/// </summary>
public readonly partial record struct HepAddress
{
    private readonly ulong _high;
    private readonly ulong _low;

    private HepAddress(ulong high, ulong low, bool isIPv6)
    {
        if (isIPv6 && high == 0 && low >> 32 == 0xffff)
        {
            isIPv6 = false;
            low &= 0xffffffff;
        }

        _high = high;
        _low = low;
        IsIPv6 = isIPv6;
    }

    /// <summary>:: as an IPv6 address.</summary>
    public static HepAddress IPv6Any { get; } = new(0, 0, isIPv6: true);

    public bool IsIPv6 { get; }

    /// <summary>Whether this is 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => (_high | _low) == 0;

    /// <summary>An IPv4 address from its four bytes as one number, the first byte highest.</summary>
    public static HepAddress FromIPv4(uint value) => new(0, value, isIPv6: false);

    public static HepAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return FromBytes(bytes[..length]);
    }

    /// <summary>An address from its 4 or 16 bytes in network order; anything else is 0.0.0.0.</summary>
    public static HepAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes), isIPv6: false),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), isIPv6: true),
        _ => default,
    };

    /// <summary>The address as an <see cref="IPAddress"/> (allocates).</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <summary>Writes the 4 or 16 bytes in network order and returns how many.</summary>
    public int WriteBytes(Span<byte> destination)
    {
        if (!IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        WriteIPv6(destination);
        return 16;
    }

    /// <summary>Writes 16 bytes: an IPv6 address as is, an IPv4 address in its mapped form (0.0.0.0 as ::).</summary>
    public void WriteIPv6(Span<byte> destination)
    {
        ulong low = IsIPv6 || IsUnspecified ? _low : _low | 0xffff_0000_0000;
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], low);
    }

    public override int GetHashCode() => HashCode.Combine(_high, _low, IsIPv6);
}
