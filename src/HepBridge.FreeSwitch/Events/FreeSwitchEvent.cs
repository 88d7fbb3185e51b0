namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// One event of FreeSWITCH as a view over the bytes it came in, however it travelled: event socket (plain or JSON), multicast, or fired
/// again by another switch. Valid until the buffer is used again: it can't be kept, and nothing can be awaited across it.
/// </summary>
/// <remarks>The first of several headers of one name counts, names have no case, and values are decoded when asked.</remarks>
public readonly ref struct FreeSwitchEvent
{
    private readonly ReadOnlySpan<HeaderSlot> _slots;
    private readonly HeaderSlot _body;
    private readonly int _headersEnd;
    private readonly byte _wrapping;

    internal FreeSwitchEvent(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<HeaderSlot> slots, EventKind kind, EventEncoding encoding, byte wrapping, int headersEnd, HeaderSlot body)
    {
        Bytes = bytes;
        _slots = slots;
        Kind = kind;
        Encoding = encoding;
        _wrapping = wrapping;
        _headersEnd = headersEnd;
        _body = body;
    }

    /// <summary>What it is.</summary>
    public EventKind Kind { get; }

    /// <summary>How its bytes are written.</summary>
    public EventEncoding Encoding { get; }

    /// <summary>All its bytes, as received.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many switches fired it again on its way (<c>multicast::event</c>).</summary>
    public int Wrapping => _wrapping;

    /// <summary>Its Event-Name; "LOG" for a line of the switch's log.</summary>
    public ReadOnlySpan<byte> Name => Kind == EventKind.Log ? "LOG"u8 : Get(KnownHeader.EventName).Raw;

    /// <summary>The body; absent if it has none.</summary>
    public HeaderValue Body => _body.Start == 0
        ? default
        : new HeaderValue(Bytes.Slice(_body.Start, _body.Length), Encoding == EventEncoding.Json ? ValueEncoding.JsonString : ValueEncoding.Literal);

    internal HeaderSlot BodySlot => _body;

    internal int HeadersEnd => _headersEnd;

    internal ReadOnlySpan<HeaderSlot> Slots => _slots;

    /// <summary>A known header's value.</summary>
    public HeaderValue Get(KnownHeader header)
    {
        HeaderSlot slot = _slots[(int)header];
        return slot.Start == 0 ? default : new HeaderValue(Bytes.Slice(slot.Start, slot.Length), EncodingOf(slot));
    }

    /// <summary>Whether the event has a known header.</summary>
    public bool Has(KnownHeader header) => _slots[(int)header].Start != 0;

    /// <summary>Any header's value, by name, case ignored: a slot if it has one, else a scan.</summary>
    public HeaderValue Find(scoped ReadOnlySpan<byte> name)
    {
        KnownHeader known = KnownHeaders.Find(name);
        if (known != KnownHeader.None)
        {
            return Get(known);
        }

        foreach (HeaderEntry header in Headers)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(header.Name, name))
            {
                return header.Value;
            }
        }

        return default;
    }

    /// <summary>All headers in the order received, duplicates too.</summary>
    public HeaderEnumerator Headers => new(Bytes[.._headersEnd], Encoding, _wrapping);

    /// <summary>Whether a header of <see cref="Headers"/> is the first of its name: the one that counts.</summary>
    public bool IsFirst(HeaderEntry header) =>
        System.Runtime.CompilerServices.Unsafe.AreSame(
            ref System.Runtime.InteropServices.MemoryMarshal.GetReference(Find(header.Name).Raw), ref System.Runtime.InteropServices.MemoryMarshal.GetReference(header.Value.Raw));

    private ValueEncoding EncodingOf(HeaderSlot slot) => Encoding switch
    {
        EventEncoding.Plain => ValueEncoding.Url,
        EventEncoding.Json => slot.IsRawJson ? ValueEncoding.RawJson : ValueEncoding.JsonString,
        _ => ValueEncoding.Literal,
    };
}
