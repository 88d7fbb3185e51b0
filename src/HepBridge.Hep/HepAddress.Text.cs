using System.Buffers.Text;
using System.Text;

namespace HepBridge.Hep;

/// <content>Parsing and formatting of addresses without allocation.</content>
public readonly partial record struct HepAddress
{
    // Eight groups of four digits and the colons between.
    private const int MaxTextLength = 39;

    /// <summary>Parses dotted IPv4, or IPv6 with or without brackets and zone ("fe80::1%eth0"; the zone is dropped).</summary>
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

        // Not IPAddress.TryParse: it accepts "1" and "0x7f.1", and allocates.
        return text.IndexOf((byte)':') >= 0 && TryParseIPv6(text, out address);
    }

    /// <summary>
    /// Writes the address as UTF-8 text (at most 39 bytes): dotted IPv4, or IPv6 in the form of RFC 5952. Returns false and writes nothing if it does
    /// not fit.
    /// </summary>
    public bool TryFormat(Span<byte> destination, out int written)
    {
        // Most buffers can hold any address; format into a scratch buffer for the others.
        if (destination.Length >= MaxTextLength)
        {
            written = Format(destination);
            return true;
        }

        Span<byte> text = stackalloc byte[MaxTextLength];
        written = Format(text);
        if (text[..written].TryCopyTo(destination))
        {
            return true;
        }

        written = 0;
        return false;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    private int Format(Span<byte> text) => IsIPv6 ? FormatIPv6(text) : FormatDotted(text);

    private int FormatDotted(Span<byte> text)
    {
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            _ = ((byte)(_low >> shift)).TryFormat(text[at..], out int digits);
            at += digits;
            if (shift > 0)
            {
                text[at++] = (byte)'.';
            }
        }

        return at;
    }

    private int FormatIPv6(Span<byte> text)
    {
        (int gap, int gapEnd) = LongestRunOfZeros();
        int at = 0;
        for (int i = 0; i < 8; i++)
        {
            if (i == gap)
            {
                text[at++] = (byte)':';
                text[at++] = (byte)':';
                i = gapEnd - 1;
                continue;
            }

            if (i > 0 && i != gapEnd)
            {
                text[at++] = (byte)':';
            }

            _ = Group(i).TryFormat(text[at..], out int digits, "x");
            at += digits;
        }

        return at;
    }

    private ushort Group(int index) => (ushort)((index < 4 ? _high : _low) >> (48 - (16 * (index & 3))));

    // The first of the longest runs of two or more zero groups, to be written as "::"; (-1, -1) if there is none.
    private (int Start, int End) LongestRunOfZeros()
    {
        (int Start, int End) longest = (-1, -1);
        int start = 0;
        for (int i = 0; i < 8; i++)
        {
            if (Group(i) != 0)
            {
                start = i + 1;
            }
            else if (i > start && i + 1 - start > longest.End - longest.Start)
            {
                longest = (start, i + 1);
            }
        }

        return longest;
    }

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

            // Some parsers read a leading zero as octal, so such a text is ambiguous.
            uint digit = (uint)(c - '0');
            if (digit > 9 || (digits > 0 && octet == 0))
            {
                return false;
            }

            digits++;
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
        // Groups before "::" fill from the front, those after it from the back.
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
        Utf8Parser.TryParse(text, out value, out int consumed, 'x') && consumed == text.Length;
}
