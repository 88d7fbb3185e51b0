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
        if (bytes.IsEmpty)
        {
            return Reject(EventRejection.Empty, out parsed, out rejection);
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
                    return Reject(EventRejection.BadJson, out parsed, out rejection);
                }
            }
            else
            {
                headersEnd = LineScan.Note(bytes, wrapping, _slots, _order ??= new HeaderOrder());
                if (headersEnd < 0)
                {
                    return Reject(EventRejection.Unterminated, out parsed, out rejection);
                }

                body = LineScan.FindBody(bytes, headersEnd, encoding, wrapping, _slots);
            }

            EventKind kind = encoding == EventEncoding.Log ? EventKind.Log : EventKind.Other;
            if (encoding != EventEncoding.Log)
            {
                HeaderSlot name = _slots[(int)KnownHeader.EventName];
                if (name.Start == 0 || name.Length == 0)
                {
                    return Reject(EventRejection.NoEventName, out parsed, out rejection);
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
                return Reject(EventRejection.FieldTooLong, out parsed, out rejection);
            }

            rejection = EventRejection.None;
            return true;
        }

        return Reject(EventRejection.WrappedTooOften, out parsed, out rejection);
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

    private static bool Reject(EventRejection reason, out FreeSwitchEvent parsed, out EventRejection rejection)
    {
        parsed = default;
        rejection = reason;
        return false;
    }

    private static bool HasOriginal(ReadOnlySpan<byte> bytes, EventEncoding encoding, int wrapping, int headersEnd) =>
        new HeaderEnumerator(bytes[..headersEnd], encoding, wrapping + 1).MoveNext();
}

/// <summary>How an event is serialized.</summary>
public enum EventEncoding : byte
{
    /// <summary>Lines of "Name: value", values URL-encoded, a blank line, and a body if there is a Content-Length (switch_event_serialize).</summary>
    Plain,

    /// <summary>One JSON object, the body under "_body" (switch_event_serialize_json).</summary>
    Json,

    /// <summary>A <c>log/data</c> frame of the event socket: its header lines (not encoded), a blank line, and the log line.</summary>
    Log,
}

/// <summary>Why bytes are not an event. The names are the values of the metric's <c>reason</c> label.</summary>
public enum EventRejection : byte
{
    None,

    Empty,

    /// <summary>The headers end without a blank line: the event is cut off.</summary>
    Unterminated,

    NoEventName,

    /// <summary>Not the JSON object that FreeSWITCH sends.</summary>
    BadJson,

    /// <summary>Re-fired by more than <see cref="EventParser.MaxWrapping"/> switches.</summary>
    WrappedTooOften,

    /// <summary>An id or a name is longer than <see cref="EventLimits"/> allows.</summary>
    FieldTooLong,
}
