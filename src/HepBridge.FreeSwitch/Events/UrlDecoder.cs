namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Undoes switch_url_encode (switch_utils.c): <c>%</c> and two hexadecimal digits are one byte; everything else is literal, including <c>+</c>
/// and a <c>%</c> without two digits.
/// </summary>
internal static class UrlDecoder
{
    private static readonly bool[] _isEncoded = MakeEncoded();

    /// <summary>Writes the decoded bytes; false, with as many as fit, if the destination is too short.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            int percent = source.IndexOf((byte)'%');
            ReadOnlySpan<byte> plain = percent < 0 ? source : source[..percent];
            if (plain.Length > destination.Length - written)
            {
                plain[..(destination.Length - written)].CopyTo(destination[written..]);
                written = destination.Length;
                return false;
            }

            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (percent < 0)
            {
                return true;
            }

            if (written == destination.Length)
            {
                return false;
            }

            source = source[percent..];
            int value = source.Length > 2 ? (UpperHexDigit(source[1]) << 4) | UpperHexDigit(source[2]) : -1;
            if (value < 0 || !_isEncoded[value])
            {
                destination[written++] = (byte)'%';
                source = source[1..];
            }
            else
            {
                destination[written++] = (byte)value;
                source = source[3..];
            }
        }
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    internal static int HexDigit(byte c)
    {
        int digit = UpperHexDigit(c);
        return digit < 0 && c is >= (byte)'a' and <= (byte)'f' ? c - 'a' + 10 : digit;
    }

    private static int UpperHexDigit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };

    private static bool[] MakeEncoded()
    {
        bool[] encoded = new bool[256];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = i is < 0x20 or > 0x7e;
        }

        foreach (byte unsafeByte in "\r\n \"#%&+:;<=>?@[\\]^`{|}"u8)
        {
            encoded[unsafeByte] = true;
        }

        return encoded;
    }
}
