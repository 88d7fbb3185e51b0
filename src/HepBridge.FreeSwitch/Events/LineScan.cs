using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HepBridge.FreeSwitch.Events;

/// <summary>Notes where the known headers stand in an event of "Name: value" lines, and where its body is. The first of duplicate names counts.</summary>
internal static class LineScan
{
    /// <summary>
    /// Walks over "Name: value" lines, thirty-two bytes a step, and stops at the blank line. In a URL-encoded value there is no colon,
    /// so one mask finds both ends of a name and the end of a value; any other colon in a value is passed over.
    /// Returns the index behind the last header line, or -1 if there is no blank line.
    /// </summary>
    public static int Note(ReadOnlySpan<byte> bytes, int wrapping, HeaderSlot[] slots)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        Vector256<byte> colons = Vector256.Create((byte)':');
        Vector256<byte> newlines = Vector256.Create((byte)'\n');
        int lineStart = 0;
        int nameEnd = -1;
        int at = 0;
        for (; at <= bytes.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            Vector256<byte> block = Vector256.LoadUnsafe(ref first, (nuint)at);
            uint mask = (Vector256.Equals(block, colons) | Vector256.Equals(block, newlines)).ExtractMostSignificantBits();
            while (mask != 0)
            {
                int found = at + BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
                if (Unsafe.Add(ref first, found) == ':')
                {
                    nameEnd = nameEnd < 0 ? found : nameEnd;
                }
                else
                {
                    if (found == lineStart)
                    {
                        return lineStart;
                    }

                    if (nameEnd > lineStart)
                    {
                        NoteLine(bytes, lineStart, nameEnd, found, wrapping, slots);
                    }

                    lineStart = found + 1;
                    nameEnd = -1;
                }
            }
        }

        for (; at < bytes.Length; at++)
        {
            byte c = Unsafe.Add(ref first, at);
            if (c == ':')
            {
                nameEnd = nameEnd < 0 ? at : nameEnd;
            }
            else if (c == '\n')
            {
                if (at == lineStart)
                {
                    return lineStart;
                }

                if (nameEnd > lineStart)
                {
                    NoteLine(bytes, lineStart, nameEnd, at, wrapping, slots);
                }

                lineStart = at + 1;
                nameEnd = -1;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NoteLine(ReadOnlySpan<byte> bytes, int lineStart, int nameEnd, int lineEnd, int wrapping, HeaderSlot[] slots)
    {
        ReadOnlySpan<byte> name = bytes[lineStart..nameEnd];
        if (wrapping > 0 && !OrigPrefix.TryStrip(ref name, wrapping))
        {
            return;
        }

        KnownHeader header = KnownHeaders.Find(name);
        if (header == KnownHeader.None)
        {
            return;
        }

        ref HeaderSlot slot = ref slots[(int)header];
        if (slot.Start == 0)
        {
            int start = nameEnd + 1;
            if (start < lineEnd && bytes[start] == ' ')
            {
                start++;
            }

            slot = HeaderSlot.At(start, lineEnd - start);
        }
    }

    /// <summary>
    /// Where the body of such an event is, behind the blank line. Its length is what the event states, cut to what is there: a header that somebody set
    /// by hand must not cost the event.
    /// </summary>
    public static HeaderSlot FindBody(ReadOnlySpan<byte> bytes, int headersEnd, EventEncoding encoding, int wrapping, HeaderSlot[] slots)
    {
        int start = headersEnd + 1;
        int length = bytes.Length - start;
        if (length <= 0)
        {
            return default;
        }

        if (encoding == EventEncoding.Plain)
        {
            if (!TryReadLastLength(bytes[..headersEnd], out uint stated)
                && (wrapping > 0 || !ValueOf(bytes, slots[(int)KnownHeader.ContentLength]).TryParseUInt32(out stated)))
            {
                return default;
            }

            length = (int)Math.Min(stated, (uint)length);
        }

        return length > 0 ? HeaderSlot.At(start, length) : default;
    }

    // The switch writes the body's length as the last header line (switch_event_serialize), behind any content-length of a sendevent.
    private static bool TryReadLastLength(ReadOnlySpan<byte> headers, out uint length)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        ReadOnlySpan<byte> lines = headers.TrimEnd((byte)'\n');
        ReadOnlySpan<byte> last = lines[(lines.LastIndexOf((byte)'\n') + 1)..];
        length = 0;
        return last.StartsWith(name) && new HeaderValue(last[name.Length..], ValueEncoding.Url).TryParseUInt32(out length);
    }

    private static HeaderValue ValueOf(ReadOnlySpan<byte> bytes, HeaderSlot slot) =>
        slot.Start == 0 ? default : new HeaderValue(bytes.Slice(slot.Start, slot.Length), ValueEncoding.Url);
}
