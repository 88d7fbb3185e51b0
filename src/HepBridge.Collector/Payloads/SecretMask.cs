using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>
/// Overwrites the secrets of a SIP message with asterisks, its length unchanged: digest responses and Basic credentials (RFC 3261, 22),
/// SRTP keys (RFC 4568), ICE passwords (RFC 8839) and the old k= line.
/// </summary>
internal static class SecretMask
{
    public static void Apply(Span<byte> message)
    {
        Span<byte> rest = message;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            Span<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            if (StartsWith(line, "authorization"u8) || StartsWith(line, "proxy-authorization"u8))
            {
                MaskAuthorization(line);
            }
            else if (StartsWith(line, "a=crypto:"u8))
            {
                MaskAfterEach(line, "inline:"u8, " |;"u8);
            }
            else if (StartsWith(line, "a=ice-pwd:"u8))
            {
                Fill(line[10..]);
            }
            else if (line.StartsWith("k="u8))
            {
                Fill(line[2..]);
            }
        }
    }

    private static void MaskAuthorization(Span<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return;
        }

        Span<byte> value = line[(colon + 1)..];
        Span<byte> scheme = value.TrimStart((byte)' ');
        if (StartsWith(scheme, "digest"u8))
        {
            MaskAfterEach(value, "response="u8, ", \t"u8);
        }
        else
        {
            // Basic, Bearer and whatever else: all of it.
            int space = scheme.IndexOf((byte)' ');
            Fill(space < 0 ? scheme : scheme[space..]);
        }
    }

    private static void MaskAfterEach(Span<byte> text, ReadOnlySpan<byte> key, ReadOnlySpan<byte> ends)
    {
        for (int i = 0; i + key.Length <= text.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(i, key.Length), key))
            {
                Span<byte> value = text[(i + key.Length)..];
                int end = value.IndexOfAny(ends);
                Fill(end < 0 ? value : value[..end]);
            }
        }
    }

    private static void Fill(Span<byte> value)
    {
        foreach (ref byte octet in value)
        {
            octet = octet is (byte)'"' or (byte)' ' ? octet : (byte)'*';
        }
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> prefix) =>
        line.Length >= prefix.Length && Ascii.EqualsIgnoreCase(line[..prefix.Length], prefix);
}
