namespace HepBridge.FreeSwitch.Events;

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
