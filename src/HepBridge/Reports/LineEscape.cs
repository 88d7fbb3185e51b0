using System.Buffers;

namespace HepBridge.Reports;

/// <summary>Position of a value in a log line; determines which characters are escaped.</summary>
internal enum LinePlace
{
    /// <summary>The start of a part, after <c>; </c>.</summary>
    Part,

    /// <summary>Inside a part, or in the line's head.</summary>
    Within,

    /// <summary>After <c>name=</c>.</summary>
    Named,

    /// <summary>One word of the line's head: spaces are escaped, too.</summary>
    Word,

    /// <summary>A line logged by the switch itself: keeps line breaks, and escapes only what imitates the fields after it.</summary>
    Log,
}

/// <summary>
/// Escapes a value so that it cannot imitate the structure of a log line, <c>STATE from → to; details; name=value name=value</c>, and can
/// be restored exactly.
/// </summary>
/// <remarks>
/// <code>
/// ;   \;     before a space and at the end
/// →   \→
/// =   \=     after a name at the start of a part, after one of the line's own names such as callid; always in a value after name=
/// \   \\     where it would read as one of these
/// control characters, and a word's spaces: \xHH
/// </code>
/// So numbers such as 1000;phone-context=example.net, and every Call-ID that RFC 3261 allows, remain unchanged.
/// </remarks>
internal static class LineEscape
{
    /// <summary>Repairs and escapes the first bytes of a buffer. Returns the new length, or -1 if the result does not fit.</summary>
    public static int InPlace(Span<byte> buffer, int length, LinePlace place)
    {
        int special = SpecialBytes.IndexOf(buffer[..length], 0x7f, (byte)'\\', (byte)';', (byte)'=');
        if (special < 0 && place != LinePlace.Word)
        {
            return length;
        }

        length = ReadableText.Repair(buffer, length);
        if (length < 0)
        {
            return -1;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        buffer[..length].CopyTo(copy);
        int escaped = Escape(copy.AsSpan(0, length), buffer, place);
        ArrayPool<byte>.Shared.Return(copy);
        return escaped;
    }

    private static int Escape(ReadOnlySpan<byte> text, Span<byte> destination, LinePlace place)
    {
        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            bool isCode = c is < 0x20 or 0x7f ? place != LinePlace.Log || c is not ((byte)'\n' or (byte)'\t') : c == ' ' && place == LinePlace.Word;
            int room = isCode ? 4 : 2;
            if (room > destination.Length - written)
            {
                return -1;
            }

            if (isCode)
            {
                destination[written++] = (byte)'\\';
                destination[written++] = (byte)'x';
                destination[written++] = "0123456789ABCDEF"u8[c >> 4];
                destination[written++] = "0123456789ABCDEF"u8[c & 15];
                continue;
            }

            if (NeedsEscape(text, i, place))
            {
                destination[written++] = (byte)'\\';
            }

            destination[written++] = c;
        }

        return written;
    }

    private static bool NeedsEscape(ReadOnlySpan<byte> text, int at, LinePlace place)
    {
        ReadOnlySpan<byte> rest = text[(at + 1)..];
        switch (text[at])
        {
            case (byte)'\\':
                return rest.IsEmpty || rest[0] is < 0x20 or 0x7f or (byte)'\\' or (byte)';' or (byte)'=' or (byte)'?' or (byte)'x' || IsArrow(rest) || (rest[0] == ' ' && place == LinePlace.Word);
            case (byte)';':
                return place != LinePlace.Log && (rest.IsEmpty || rest[0] is (byte)' ' or < 0x20 or 0x7f);
            case (byte)'=':
                return place == LinePlace.Named || FollowsName(text[..at], place);
            default:
                return place != LinePlace.Log && IsArrow(text[at..]);
        }
    }

    private static bool FollowsName(ReadOnlySpan<byte> before, LinePlace place)
    {
        int start = before.Length;
        while (start > 0 && IsName(before[start - 1]))
        {
            start--;
        }

        return (start == 0 && place == LinePlace.Part) || IsOwn(before);
    }

    private static bool IsOwn(ReadOnlySpan<byte> before) =>
        EndsWith(before, "callid"u8) || EndsWith(before, "uuid"u8) || EndsWith(before, "seq"u8) || EndsWith(before, "time"u8) || EndsWith(before, "other"u8) || EndsWith(before, "node"u8)
        || EndsWith(before, "order"u8) || EndsWith(before, "conference"u8);

    private static bool EndsWith(ReadOnlySpan<byte> before, ReadOnlySpan<byte> name) =>
        before.EndsWith(name) && (before.Length == name.Length || before[^(name.Length + 1)] is var c && (!IsName(c) || c is (byte)'.' or (byte)':'));

    /// <summary>Whether a byte is allowed in a field's name.</summary>
    public static bool IsName(byte c) => c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'-' or (byte)'.' or (byte)':';

    private static bool IsArrow(ReadOnlySpan<byte> text) => text.StartsWith("→"u8);
}
