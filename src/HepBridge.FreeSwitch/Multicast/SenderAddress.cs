using System.Buffers.Binary;
using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>A datagram's source as plain bits: comparable, without allocation. An IPv4-mapped IPv6 address is stored as IPv4.</summary>
public readonly struct SenderAddress : IEquatable<SenderAddress>
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

    public bool Equals(SenderAddress other) => _high == other._high && _low == other._low;

    public override bool Equals(object? obj) => obj is SenderAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low);

    public override string ToString() => ToIPAddress().ToString();

    public static bool operator ==(SenderAddress left, SenderAddress right) => left.Equals(right);

    public static bool operator !=(SenderAddress left, SenderAddress right) => !left.Equals(right);
}
