using System.Text;

namespace HepBridge.FreeSwitch.Events;

/// <summary>The subset of JSON that FreeSWITCH's events need (RFC 8259): strings, arrays of strings, and skipping anything else.</summary>
internal static class JsonText
{
    private const int MaxDepth = 32;

    /// <summary>Index after the closing quote of the string whose content starts at <paramref name="at"/>, or -1.</summary>
    public static int FindStringEnd(ReadOnlySpan<byte> json, int at)
    {
        while (true)
        {
            int found = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (json[at] == '"')
            {
                return at + 1;
            }

            at += 2;
            if (at >= json.Length)
            {
                return -1;
            }
        }
    }

    /// <summary>Index of the first byte that is not white space.</summary>
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>Index after the value that starts at <paramref name="at"/>, or -1 if it is cut off or invalid.</summary>
    public static int SkipValue(ReadOnlySpan<byte> json, int at)
    {
        int depth = 0;
        int start = at;
        while (at < json.Length)
        {
            switch (json[at])
            {
                case (byte)'"':
                    at = FindStringEnd(json, at + 1);
                    if (at < 0)
                    {
                        return -1;
                    }

                    break;
                case (byte)'[' or (byte)'{':
                    if (++depth > MaxDepth)
                    {
                        return -1;
                    }

                    at++;
                    continue;
                case (byte)']' or (byte)'}':
                    if (depth == 0)
                    {
                        return at > start ? at : -1;
                    }

                    depth--;
                    at++;
                    break;
                case (byte)',' when depth == 0:
                    return at > start ? at : -1;
                default:
                    at++;
                    continue;
            }

            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Unescapes a JSON string, leaving invalid escapes as they are. False, with what fits, if the destination is too short.</summary>
    public static bool TryUnescape(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        while (!source.IsEmpty)
        {
            int escape = source.IndexOf((byte)'\\');
            ReadOnlySpan<byte> plain = escape < 0 ? source : source[..escape];
            int room = destination.Length - written;
            if (plain.Length > room)
            {
                plain[..room].CopyTo(destination[written..]);
                written = destination.Length;
                return false;
            }

            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (escape < 0)
            {
                return true;
            }

            source = source[escape..];
            Rune rune = ReadEscape(source, out int consumed);
            source = source[consumed..];
            if (!rune.TryEncodeToUtf8(destination[written..], out int length))
            {
                return false;
            }

            written += length;
        }

        return true;
    }

    /// <summary>An array of strings as <c>ARRAY::a|:b</c>, anything else as written.</summary>
    public static bool TryDecodeRaw(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (source.IsEmpty || source[0] != '[')
        {
            return HeaderValue.TryCopy(source, destination, out written);
        }

        if (!Append("ARRAY::"u8, destination, ref written))
        {
            return false;
        }

        bool first = true;
        int at = 1;
        while (true)
        {
            at = SkipSpace(source, at);
            if (at >= source.Length || source[at] == ']')
            {
                return true;
            }

            int end = SkipValue(source, at);
            if (end < 0)
            {
                return true;
            }

            if (!first && !Append("|:"u8, destination, ref written))
            {
                return false;
            }

            first = false;
            bool fits = source[at] == '"'
                ? TryUnescape(source[(at + 1)..(end - 1)], destination[written..], out int length)
                : HeaderValue.TryCopy(source[at..end], destination[written..], out length);
            written += length;
            if (!fits)
            {
                return false;
            }

            at = SkipSpace(source, end);
            if (at < source.Length && source[at] == ',')
            {
                at++;
            }
        }
    }

    private static bool Append(ReadOnlySpan<byte> text, Span<byte> destination, ref int written)
    {
        if (!text.TryCopyTo(destination[written..]))
        {
            return false;
        }

        written += text.Length;
        return true;
    }

    private static Rune ReadEscape(ReadOnlySpan<byte> source, out int consumed)
    {
        if (source is [_, (byte)'u', ..])
        {
            return ReadUnicodeEscape(source, out consumed);
        }

        char escaped = source.Length < 2 ? '\0' : source[1] switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)source[1],
            _ => '\0',
        };
        consumed = escaped == '\0' ? 1 : 2;
        return new Rune(escaped == '\0' ? '\\' : escaped);
    }

    private static Rune ReadUnicodeEscape(ReadOnlySpan<byte> source, out int consumed)
    {
        int unit = ReadUnit(source);
        consumed = 6;
        if (unit < 0)
        {
            consumed = 1;
            return new Rune('\\');
        }

        if (char.IsHighSurrogate((char)unit) && source.Length >= 12 && source[6] == '\\' && source[7] == 'u')
        {
            int low = ReadUnit(source[6..]);
            if (low >= 0 && char.IsLowSurrogate((char)low))
            {
                consumed = 12;
                return new Rune((char)unit, (char)low);
            }
        }

        return Rune.TryCreate(unit, out Rune rune) ? rune : Rune.ReplacementChar;
    }

    private static int ReadUnit(ReadOnlySpan<byte> source) =>
        source.Length >= 6 && new HeaderValue(source[2..6], ValueEncoding.Literal).TryParseHex32(out uint unit) ? (int)unit : -1;
}
