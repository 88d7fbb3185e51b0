namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Undoes switch_url_encode (switch_utils.c): <c>%</c> and two hexadecimal digits are one byte, all else stands for itself, <c>+</c> too.
/// A <c>%</c> that no two digits follow stands for itself.
/// </summary>
internal static class UrlDecoder
{
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
            int high = source.Length > 2 ? HexDigit(source[1]) : -1;
            int low = source.Length > 2 ? HexDigit(source[2]) : -1;
            if ((high | low) < 0)
            {
                destination[written++] = (byte)'%';
                source = source[1..];
            }
            else
            {
                destination[written++] = (byte)((high << 4) | low);
                source = source[3..];
            }
        }
    }

    /// <summary>The value of a hexadecimal digit, -1 for any other byte.</summary>
    internal static int HexDigit(byte c)
    {
        int digit = c - '0';
        if ((uint)digit <= 9)
        {
            return digit;
        }

        int letter = (c | 0x20) - 'a';
        return (uint)letter <= 5 ? letter + 10 : -1;
    }
}
