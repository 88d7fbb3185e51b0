using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HepBridge.FreeSwitch.Events;

/// <summary>Records the positions of the known headers and the body of an event of "Name: value" lines. The first of duplicate names wins.</summary>
internal static class LineScan
{
    private const int BlockLength = 64;

    /// <summary>
    /// Scans "Name: value" lines, 64 bytes at a time, and stops at the blank line. Names are expected in the order of earlier events
    /// (<see cref="HeaderOrder"/>). Returns the index after the last header line, or -1 if there is no blank line.
    /// </summary>
    public static int Note(ReadOnlySpan<byte> bytes, int wrapping, HeaderSlot[] slots, HeaderOrder order)
    {
        KnownHeaderTable known = KnownHeaders.Table;
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int lastExpected = wrapping > 0 ? -1 : bytes.Length - HeaderOrder.Window;
        int lineStart = 0;
        int entry = 0;
        for (int at = 0; at < bytes.Length; at += BlockLength)
        {
            ulong marks;
            if (at <= bytes.Length - BlockLength)
            {
                marks = FindNewlines(ref Unsafe.Add(ref first, at));
            }
            else if (bytes.Length >= BlockLength)
            {
                // The last block overlaps the previous one.
                marks = FindNewlines(ref Unsafe.Add(ref first, bytes.Length - BlockLength)) >> (at + BlockLength - bytes.Length);
            }
            else
            {
                marks = FindNewlines(bytes);
            }

            for (; marks != 0; marks &= marks - 1)
            {
                int lineEnd = at + BitOperations.TrailingZeroCount(marks);
                if (lineEnd == lineStart)
                {
                    return lineStart;
                }

                if (lineStart > lastExpected || !order.TryNote(ref entry, ref first, lineStart, lineEnd, slots))
                {
                    entry = NoteLine(bytes, lineStart, lineEnd, wrapping, known, slots, order, entry);
                }

                lineStart = lineEnd + 1;
            }
        }

        return -1;
    }

    /// <summary>A bit for each newline of 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FindNewlines(ref byte block)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            return FindNewlines(Vector256.LoadUnsafe(ref block)) | ((ulong)FindNewlines(Vector256.LoadUnsafe(ref block, 32)) << 32);
        }

        return FindNewlines(Vector128.LoadUnsafe(ref block)) | (FindNewlines(Vector128.LoadUnsafe(ref block, 16)) << 16)
            | (FindNewlines(Vector128.LoadUnsafe(ref block, 32)) << 32) | (FindNewlines(Vector128.LoadUnsafe(ref block, 48)) << 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindNewlines(Vector256<byte> block) => Vector256.Equals(block, Vector256.Create((byte)'\n')).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FindNewlines(Vector128<byte> block) => Vector128.Equals(block, Vector128.Create((byte)'\n')).ExtractMostSignificantBits();

    // Fewer than 64 bytes in total.
    private static ulong FindNewlines(ReadOnlySpan<byte> bytes)
    {
        ulong marks = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            marks |= bytes[i] == (byte)'\n' ? 1UL << i : 0;
        }

        return marks;
    }

    // A name that was not expected. Returns its entry for the next line.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int NoteLine(
        ReadOnlySpan<byte> bytes, int lineStart, int lineEnd, int wrapping, KnownHeaderTable known, HeaderSlot[] slots, HeaderOrder order, int previous)
    {
        ReadOnlySpan<byte> line = bytes[lineStart..lineEnd];
        int entry = wrapping == 0 ? order.Learn(previous, line, known) : 0;
        if (entry != 0)
        {
            order.Note(entry, lineStart, lineEnd, slots);
            return entry;
        }

        int nameLength = line.IndexOf((byte)':');
        if (nameLength <= 0)
        {
            return previous;
        }

        ReadOnlySpan<byte> name = line[..nameLength];
        if (wrapping > 0 && !OrigPrefix.TryStrip(ref name, wrapping))
        {
            return previous;
        }

        KnownHeader header = known.Find(name);
        ref HeaderSlot slot = ref slots[(int)header];
        if (header != KnownHeader.None && slot.Start == 0)
        {
            int start = lineStart + nameLength + 1;
            if (start < lineEnd && bytes[start] == ' ')
            {
                start++;
            }

            slot = HeaderSlot.At(start, lineEnd - start);
        }

        return previous;
    }

    /// <summary>
    /// Finds the body after the blank line. Its length is the one stated, limited to the bytes present: a wrong
    /// hand-set header must not cost the event.
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

    // The switch writes the body's length as the last header line (switch_event_serialize), after any content-length of a sendevent.
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
