using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Makes events of bytes: one pass over them that notes where the known headers stand. Each event is valid until the next one is parsed.
/// Not thread-safe; nothing is allocated.
/// </summary>
public sealed class EventParser
{
    /// <summary>How often an event may have been fired again by other switches.</summary>
    public const int MaxWrapping = 4;

    private readonly HeaderSlot[] _slots = new HeaderSlot[KnownHeaders.Count];

    /// <summary>Parses one event.</summary>
    /// <param name="bytes">Exactly one event: the frame's body on the event socket, what stands before the trailer in a multicast datagram.</param>
    /// <param name="encoding">How it is written.</param>
    /// <param name="parsed">The event.</param>
    /// <param name="rejection">Why it is none.</param>
    public bool TryParse(ReadOnlySpan<byte> bytes, EventEncoding encoding, out FreeSwitchEvent parsed, out EventRejection rejection)
    {
        parsed = default;
        if (bytes.IsEmpty)
        {
            rejection = EventRejection.Empty;
            return false;
        }

        for (byte wrapping = 0; wrapping <= MaxWrapping; wrapping++)
        {
            Array.Clear(_slots);
            HeaderSlot body = default;
            int headersEnd;
            if (encoding == EventEncoding.Json)
            {
                if (!ScanJson(bytes, wrapping, out headersEnd, out body))
                {
                    parsed = default;
                    rejection = EventRejection.BadJson;
                    return false;
                }
            }
            else
            {
                headersEnd = ScanLines(bytes, wrapping);
                if (headersEnd < 0)
                {
                    rejection = EventRejection.Unterminated;
                    return false;
                }

                body = FindBody(bytes, headersEnd, encoding, wrapping);
            }

            EventKind kind = encoding == EventEncoding.Log ? EventKind.Log : EventKind.Other;
            if (encoding != EventEncoding.Log)
            {
                HeaderSlot name = _slots[(int)KnownHeader.EventName];
                if (name.Start == 0 || name.Length == 0)
                {
                    parsed = default;
                    rejection = EventRejection.NoEventName;
                    return false;
                }

                kind = EventKinds.FromName(bytes.Slice(name.Start, name.Length));
            }

            parsed = new FreeSwitchEvent(bytes, _slots, kind, encoding, wrapping, headersEnd, body);
            if (kind == EventKind.Custom)
            {
                HeaderValue subclass = parsed.Get(KnownHeader.EventSubclass);
                if (subclass.Is("multicast::event"u8) && HasOriginal(bytes, encoding, wrapping, headersEnd))
                {
                    continue;
                }

                Span<byte> scratch = stackalloc byte[64];
                kind = EventKinds.FromSubclass(subclass.Decode(scratch));
                parsed = new FreeSwitchEvent(bytes, _slots, kind, encoding, wrapping, headersEnd, body);
            }

            rejection = EventRejection.None;
            return true;
        }

        parsed = default;
        rejection = EventRejection.WrappedTooOften;
        return false;
    }

    /// <summary>An event from what was noted about it earlier (<see cref="EventSnapshot"/>).</summary>
    internal FreeSwitchEvent Restore(
        ReadOnlySpan<byte> bytes, EventKind kind, EventEncoding encoding, byte wrapping, int headersEnd, HeaderSlot body) =>
        new(bytes, _slots, kind, encoding, wrapping, headersEnd, body);

    internal Span<HeaderSlot> ClearSlots()
    {
        Array.Clear(_slots);
        return _slots;
    }

    private static bool HasOriginal(ReadOnlySpan<byte> bytes, EventEncoding encoding, int wrapping, int headersEnd) =>
        new HeaderEnumerator(bytes[..headersEnd], encoding, wrapping + 1).MoveNext();

    /// <summary>
    /// Walks over "Name: value" lines, thirty-two octets a step, and stops at the blank line. In a URL-encoded value there is no colon,
    /// so one mask finds both ends of a name and the end of a value; any other colon in a value is passed over.
    /// Returns the index behind the last header line, or -1 if there is no blank line.
    /// </summary>
    private int ScanLines(ReadOnlySpan<byte> bytes, int wrapping)
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
                        Note(bytes, lineStart, nameEnd, found, wrapping);
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
                    Note(bytes, lineStart, nameEnd, at, wrapping);
                }

                lineStart = at + 1;
                nameEnd = -1;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(ReadOnlySpan<byte> bytes, int lineStart, int nameEnd, int lineEnd, int wrapping)
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

        ref HeaderSlot slot = ref _slots[(int)header];
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

    // The length that the event states, cut to what is there: a header that somebody set by hand must not cost the event.
    private HeaderSlot FindBody(ReadOnlySpan<byte> bytes, int headersEnd, EventEncoding encoding, int wrapping)
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
                && (wrapping > 0 || !ValueOf(bytes, KnownHeader.ContentLength).TryParseUInt32(out stated)))
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

    private HeaderValue ValueOf(ReadOnlySpan<byte> bytes, KnownHeader header)
    {
        HeaderSlot slot = _slots[(int)header];
        return slot.Start == 0 ? default : new HeaderValue(bytes.Slice(slot.Start, slot.Length), ValueEncoding.Url);
    }

    private bool ScanJson(ReadOnlySpan<byte> bytes, int wrapping, out int end, out HeaderSlot body)
    {
        body = default;
        end = 0;
        int at = JsonText.SkipSpace(bytes, 0);
        if (at >= bytes.Length || bytes[at] != '{')
        {
            return false;
        }

        at = JsonText.SkipSpace(bytes, at + 1);
        if (at < bytes.Length && bytes[at] == '}')
        {
            end = at;
            return true;
        }

        while (at < bytes.Length && bytes[at] == '"')
        {
            int nameStart = at + 1;
            int nameEnd = JsonText.FindStringEnd(bytes, nameStart);
            if (nameEnd < 0)
            {
                return false;
            }

            at = JsonText.SkipSpace(bytes, nameEnd);
            if (at >= bytes.Length || bytes[at] != ':')
            {
                return false;
            }

            at = JsonText.SkipSpace(bytes, at + 1);
            int valueEnd = at < bytes.Length ? JsonText.SkipValue(bytes, at) : -1;
            if (valueEnd < 0)
            {
                return false;
            }

            HeaderSlot value = bytes[at] == '"' ? HeaderSlot.At(at + 1, valueEnd - at - 2) : HeaderSlot.RawJsonAt(at, valueEnd - at);
            NoteMember(bytes[nameStart..(nameEnd - 1)], value, wrapping, ref body);
            at = JsonText.SkipSpace(bytes, valueEnd);
            if (at >= bytes.Length)
            {
                return false;
            }

            if (bytes[at] == '}')
            {
                end = at;
                return true;
            }

            if (bytes[at] != ',')
            {
                return false;
            }

            at = JsonText.SkipSpace(bytes, at + 1);
        }

        return false;
    }

    private void NoteMember(ReadOnlySpan<byte> name, HeaderSlot value, int wrapping, ref HeaderSlot body)
    {
        if (!OrigPrefix.TryStrip(ref name, wrapping))
        {
            return;
        }

        if (name.SequenceEqual("_body"u8))
        {
            body = body.Start == 0 && !value.IsRawJson && value.Length > 0 ? value : body;
            return;
        }

        KnownHeader header = KnownHeaders.Find(name);
        if (header != KnownHeader.None && _slots[(int)header].Start == 0)
        {
            _slots[(int)header] = value;
        }
    }
}
