namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Parses events in one pass that records the positions of the known headers. An event is valid until the next one is parsed.
/// Not thread-safe; allocates nothing.
/// </summary>
public sealed class EventParser
{
    /// <summary>How many times an event may have been re-fired by other switches.</summary>
    public const int MaxWrapping = 4;

    private readonly HeaderSlot[] _slots = new HeaderSlot[KnownHeaders.Count];
    private HeaderOrder? _order;

    /// <summary>Parses one event.</summary>
    /// <param name="bytes">Exactly one event: the body of an event socket frame, or a multicast datagram without its trailer.</param>
    /// <param name="encoding">How it is serialized.</param>
    /// <param name="parsed">The event.</param>
    /// <param name="rejection">Why it is not an event.</param>
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
                if (!JsonScan.TryNote(bytes, wrapping, _slots, out headersEnd, out body))
                {
                    parsed = default;
                    rejection = EventRejection.BadJson;
                    return false;
                }
            }
            else
            {
                headersEnd = LineScan.Note(bytes, wrapping, _slots, _order ??= new HeaderOrder());
                if (headersEnd < 0)
                {
                    rejection = EventRejection.Unterminated;
                    return false;
                }

                body = LineScan.FindBody(bytes, headersEnd, encoding, wrapping, _slots);
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

            if (!EventLimits.Admit(parsed))
            {
                parsed = default;
                rejection = EventRejection.FieldTooLong;
                return false;
            }

            rejection = EventRejection.None;
            return true;
        }

        parsed = default;
        rejection = EventRejection.WrappedTooOften;
        return false;
    }

    /// <summary>Restores an event from recorded positions (<see cref="EventSnapshot"/>).</summary>
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
}
