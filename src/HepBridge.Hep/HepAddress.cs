using System.Buffers.Binary;
using System.Net;

namespace HepBridge.Hep;

/// <summary>
/// An IPv4 or IPv6 address as plain bits: no allocation, comparable, ready for chunks 0x0003–0x0006.
/// <see langword="default"/> is IPv4 0.0.0.0. An IPv4-mapped IPv6 address (::ffff:a.b.c.d) is always held as IPv4.
/// </summary>
public readonly struct HepAddress : IEquatable<HepAddress>
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

    /// <summary>Whether this is an IPv6 address.</summary>
    public bool IsIPv6 { get; }

    /// <summary>Whether this is 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => (_high | _low) == 0;

    /// <summary>An IPv4 address from its four octets as one number, the first octet highest.</summary>
    public static HepAddress FromIPv4(uint value) => new(0, value, isIPv6: false);

    /// <summary>Takes over an address of the class library.</summary>
    public static HepAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return FromBytes(bytes[..length]);
    }

    /// <summary>An address from its 4 or 16 octets in network order; anything else is 0.0.0.0.</summary>
    public static HepAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes), isIPv6: false),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), isIPv6: true),
        _ => default,
    };

    /// <summary>
    /// Reads an address from text: dotted IPv4, or IPv6 with or without square brackets and zone ("fe80::1%eth0"; the zone is dropped).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out HepAddress address)
    {
        if (TryParseDotted(text, out uint v4))
        {
            address = FromIPv4(v4);
            return true;
        }

        address = default;
        if (text.Length > 1 && text[0] == '[' && text[^1] == ']')
        {
            text = text[1..^1];
        }

        int zone = text.IndexOf((byte)'%');
        if (zone >= 0)
        {
            text = text[..zone];
        }

        // Not the class library's parser: it takes "1" and "0x7f.1" for addresses, and allocates.
        return text.IndexOf((byte)':') >= 0 && TryParseIPv6(text, out address);
    }

    /// <summary>The address as the class library's type (allocates).</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <summary>Writes the 4 or 16 octets in network order and returns how many.</summary>
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

    /// <summary>Writes 16 octets: an IPv6 address as it is, an IPv4 one in its mapped form (0.0.0.0 as ::).</summary>
    public void WriteIPv6(Span<byte> destination)
    {
        ulong low = IsIPv6 || IsUnspecified ? _low : _low | 0xffff_0000_0000;
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], low);
    }

    /// <summary>Writes the address as text in UTF-8 (at most 45 bytes); false if it does not fit.</summary>
    public bool TryFormat(Span<byte> destination, out int written)
    {
        if (IsIPv6)
        {
            return ToIPAddress().TryFormat(destination, out written);
        }

        written = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            if (!((byte)(_low >> shift)).TryFormat(destination[written..], out int digits))
            {
                return false;
            }

            written += digits;
            if (shift > 0)
            {
                if (written >= destination.Length)
                {
                    return false;
                }

                destination[written++] = (byte)'.';
            }
        }

        return true;
    }

    public bool Equals(HepAddress other) => _high == other._high && _low == other._low && IsIPv6 == other.IsIPv6;

    public override bool Equals(object? obj) => obj is HepAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, IsIPv6);

    public override string ToString() => ToIPAddress().ToString();

    public static bool operator ==(HepAddress left, HepAddress right) => left.Equals(right);

    public static bool operator !=(HepAddress left, HepAddress right) => !left.Equals(right);

    private static bool TryParseDotted(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        uint octet = 0;
        int digits = 0;
        int dots = 0;
        foreach (byte c in text)
        {
            if (c == '.')
            {
                if (digits == 0 || ++dots > 3)
                {
                    return false;
                }

                value = (value << 8) | octet;
                octet = 0;
                digits = 0;
                continue;
            }

            uint digit = (uint)(c - '0');
            if (digit > 9 || ++digits > 3)
            {
                return false;
            }

            octet = (octet * 10) + digit;
            if (octet > 255)
            {
                return false;
            }
        }

        value = (value << 8) | octet;
        return dots == 3 && digits > 0;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, out HepAddress address)
    {
        // Groups before "::" fill from the front, those behind it from the back.
        Span<ushort> groups = stackalloc ushort[8];
        groups.Clear();
        address = default;
        int count = 0;
        int gap = -1;
        int i = 0;
        if (text is [(byte)':', (byte)':', ..])
        {
            gap = 0;
            i = 2;
        }

        while (i < text.Length)
        {
            ReadOnlySpan<byte> rest = text[i..];
            int colon = rest.IndexOf((byte)':');
            ReadOnlySpan<byte> part = colon < 0 ? rest : rest[..colon];
            if (colon < 0 && part.IndexOf((byte)'.') >= 0)
            {
                if (count > 6 || !TryParseDotted(part, out uint v4))
                {
                    return false;
                }

                groups[count++] = (ushort)(v4 >> 16);
                groups[count++] = (ushort)v4;
                i = text.Length;
                break;
            }

            if (count == 8 || part.Length is 0 or > 4 || !TryParseHexGroup(part, out groups[count++]))
            {
                return false;
            }

            i += part.Length;
            if (colon < 0)
            {
                break;
            }

            i++;
            if (i == text.Length)
            {
                return false;
            }

            if (text[i] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                i++;
            }
        }

        if (gap < 0 ? count != 8 : count > 7)
        {
            return false;
        }

        if (gap >= 0)
        {
            int behind = count - gap;
            groups.Slice(gap, behind).CopyTo(groups[(8 - behind)..]);
            groups[gap..(8 - behind)].Clear();
        }

        ulong high = ((ulong)groups[0] << 48) | ((ulong)groups[1] << 32) | ((ulong)groups[2] << 16) | groups[3];
        ulong low = ((ulong)groups[4] << 48) | ((ulong)groups[5] << 32) | ((ulong)groups[6] << 16) | groups[7];
        address = new HepAddress(high, low, isIPv6: true);
        return true;
    }

    private static bool TryParseHexGroup(ReadOnlySpan<byte> text, out ushort value) =>
        System.Buffers.Text.Utf8Parser.TryParse(text, out value, out int consumed, 'x') && consumed == text.Length;
}
