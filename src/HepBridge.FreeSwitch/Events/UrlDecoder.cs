using System.Runtime.CompilerServices;

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
        int plain = source.IndexOf((byte)'%');
        plain = plain < 0 ? source.Length : plain;
        written = Math.Min(plain, destination.Length);
        source[..written].CopyTo(destination);

        // One encoded byte is often followed by more, as in an SDP.
        int at = written;
        while (at < source.Length && written < destination.Length)
        {
            byte c = source[at++];
            if (c == (byte)'%' && at + 1 < source.Length)
            {
                int value = (UpperHexDigit(source[at]) << 4) | UpperHexDigit(source[at + 1]);
                if (value >= 0 && _isEncoded[value])
                {
                    c = (byte)value;
                    at += 2;
                }
            }

            destination[written++] = c;
        }

        return at == source.Length;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int HexDigit(byte c) => UpperHexDigit(c > (byte)'Z' ? c - 0x20 : c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int UpperHexDigit(int c)
    {
        uint letter = (uint)c - 'A';
        return (uint)c - '0' <= 9 ? c - '0' : letter <= 5 ? (int)letter + 10 : -1;
    }

    // What switch_url_encode encodes. Loops, not LINQ: the native compiler then fills the table at build time, and the access needs no check.
    private static bool[] MakeEncoded()
    {
        bool[] encoded = new bool[256];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = i is < 0x20 or > 0x7e;
        }

        foreach (byte special in " \"#%&+:;<=>?@[\\]^`{|}"u8)
        {
            encoded[special] = true;
        }

        return encoded;
    }
}
