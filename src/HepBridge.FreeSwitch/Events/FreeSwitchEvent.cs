using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// One FreeSWITCH event as a view of its bytes, however it arrived: event socket (plain or JSON), multicast, or re-fired by another switch. Valid
/// until the buffer is reused: it cannot be stored or held across an await.
/// </summary>
/// <remarks>The first of duplicate headers wins, names are case-insensitive, and values are decoded on demand.</remarks>
public readonly ref struct FreeSwitchEvent
{
    internal FreeSwitchEvent(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<HeaderSlot> slots, EventKind kind, EventEncoding encoding, byte wrapping, int headersEnd, HeaderSlot body)
    {
        Bytes = bytes;
        Slots = slots;
        Kind = kind;
        Encoding = encoding;
        Wrapping = wrapping;
        HeadersEnd = headersEnd;
        BodySlot = body;
    }

    public EventKind Kind { get; }

    public EventEncoding Encoding { get; }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many switches re-fired it (<c>multicast::event</c>).</summary>
    public byte Wrapping { get; }

    /// <summary>Its Event-Name; "LOG" for a line of the switch's log.</summary>
    public ReadOnlySpan<byte> Name => Kind == EventKind.Log ? "LOG"u8 : Get(KnownHeader.EventName).Raw;

    public HeaderValue Body => BodySlot.Start == 0
        ? default
        : new HeaderValue(Bytes.Slice(BodySlot.Start, BodySlot.Length), Encoding == EventEncoding.Json ? ValueEncoding.JsonString : ValueEncoding.Literal);

    internal HeaderSlot BodySlot { get; }

    internal int HeadersEnd { get; }

    internal ReadOnlySpan<HeaderSlot> Slots { get; }

    public HeaderValue Get(KnownHeader header)
    {
        HeaderSlot slot = Slots[(int)header];
        return slot.Start == 0 ? default : new HeaderValue(Bytes.Slice(slot.Start, slot.Length), EncodingOf(slot));
    }

    public bool Has(KnownHeader header) => Slots[(int)header].Start != 0;

    /// <summary>Any header's value by name, ignoring case: from its slot if it has one, else by a scan.</summary>
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

    /// <summary>All headers in the order received, including duplicates.</summary>
    public HeaderEnumerator Headers => new(Bytes[..HeadersEnd], Encoding, Wrapping);

    /// <summary>Whether a header of <see cref="Headers"/> is the first of its name: the one that counts.</summary>
    public bool IsFirst(HeaderEntry header) =>
        Unsafe.AreSame(ref MemoryMarshal.GetReference(Find(header.Name).Raw), ref MemoryMarshal.GetReference(header.Value.Raw));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ValueEncoding EncodingOf(HeaderSlot slot) => Encoding switch
    {
        EventEncoding.Plain => ValueEncoding.Url,
        EventEncoding.Json => slot.IsRawJson ? ValueEncoding.RawJson : ValueEncoding.JsonString,
        _ => ValueEncoding.Literal,
    };
}

/// <summary>Position of a known header's value in its event's bytes. Start 0 means absent: a value never comes first.</summary>
public readonly struct HeaderSlot
{
    private readonly int _length;

    private HeaderSlot(int start, int length)
    {
        Start = start;
        _length = length;
    }

    public int Start { get; }

    /// <summary>Length as received, not decoded.</summary>
    public int Length => _length < 0 ? ~_length : _length;

    /// <summary>Whether it is JSON other than a string: an array, a number, …</summary>
    public bool IsRawJson => _length < 0;

    internal static HeaderSlot At(int start, int length) => new(start, length);

    internal static HeaderSlot RawJsonAt(int start, int length) => new(start, ~length);
}
