namespace HepBridge.Reports;

/// <summary>Header values with several entries, which FreeSWITCH writes as <c>ARRAY::a|:b</c> (switch_event.c). Works in place.</summary>
internal static class ArrayText
{
    private static ReadOnlySpan<byte> Prefix => "ARRAY::"u8;

    private static ReadOnlySpan<byte> Separator => "|:"u8;

    public static bool IsArray(ReadOnlySpan<byte> value) => value.StartsWith(Prefix);

    /// <summary>Turns an array into <c>a, b</c>; leaves other values alone. Returns the new length.</summary>
    public static int Flatten(Span<byte> value)
    {
        if (!IsArray(value))
        {
            return value.Length;
        }

        value[Prefix.Length..].CopyTo(value);
        Span<byte> entries = value[..^Prefix.Length];
        for (Span<byte> rest = entries; rest.IndexOf(Separator) is >= 0 and int at; rest = rest[(at + Separator.Length)..])
        {
            ", "u8.CopyTo(rest[at..]);
        }

        return entries.Length;
    }

    /// <summary>Turns an array into <c>["a","b"]</c>. Returns the new length including the quote, or -1 if the buffer is too small.</summary>
    /// <param name="buffer">Starts at the opening quote; free after the value.</param>
    /// <param name="length">Length of the JSON-escaped value after the quote.</param>
    public static int ToJson(Span<byte> buffer, int length)
    {
        Span<byte> entries = buffer[(1 + Prefix.Length)..(1 + length)];
        int separators = entries.Count(Separator);
        int total = entries.Length + separators + 4;
        if (total > buffer.Length)
        {
            return -1;
        }

        // Each separator grows by one byte: shifted right by that much, the reader stays ahead of the writer.
        Span<byte> moved = buffer.Slice(2 + separators, entries.Length);
        entries.CopyTo(moved);
        buffer[0] = (byte)'[';
        buffer[1] = (byte)'"';
        int at = 2;
        while (moved.IndexOf(Separator) is >= 0 and int next)
        {
            moved[..next].CopyTo(buffer[at..]);
            "\",\""u8.CopyTo(buffer[(at + next)..]);
            at += next + 3;
            moved = moved[(next + Separator.Length)..];
        }

        moved.CopyTo(buffer[at..]);
        at += moved.Length;
        "\"]"u8.CopyTo(buffer[at..]);
        return at + 2;
    }
}
