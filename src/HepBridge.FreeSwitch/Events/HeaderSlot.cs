namespace HepBridge.FreeSwitch.Events;

/// <summary>Where a known header's value stands in its event's bytes. Start 0: the event has no such header (a value never stands first).</summary>
public readonly struct HeaderSlot
{
    private readonly int _length;

    private HeaderSlot(int start, int length)
    {
        Start = start;
        _length = length;
    }

    /// <summary>Offset of the value's first byte.</summary>
    public int Start { get; }

    /// <summary>Octets as written, not decoded.</summary>
    public int Length => _length < 0 ? ~_length : _length;

    /// <summary>Whether it is JSON but not a string: an array, a number, …</summary>
    public bool IsRawJson => _length < 0;

    internal static HeaderSlot At(int start, int length) => new(start, length);

    internal static HeaderSlot RawJsonAt(int start, int length) => new(start, ~length);
}
