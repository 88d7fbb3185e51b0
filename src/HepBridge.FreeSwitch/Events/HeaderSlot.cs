namespace HepBridge.FreeSwitch.Events;

/// <summary>Position of a known header's value in its event's bytes. Start 0 means absent: a value never comes first.</summary>
public readonly struct HeaderSlot
{
    // Start above, length below, in one word: it is written for every line of an event.
    private readonly ulong _word;

    private HeaderSlot(ulong word)
    {
        _word = word;
    }

    public int Start => (int)(_word >> 32);

<<<<<<< HEAD
    /// <summary>Length as written, not decoded.</summary>
    public int Length => IsRawJson ? ~(int)_word : (int)_word;
=======
    /// <summary>Length as received, not decoded.</summary>
    public int Length => _length < 0 ? ~_length : _length;
>>>>>>> main

    /// <summary>Whether it is JSON other than a string: an array, a number, …</summary>
    public bool IsRawJson => (int)_word < 0;

    internal static HeaderSlot At(int start, int length) => new(((ulong)(uint)start << 32) | (uint)length);

    internal static HeaderSlot RawJsonAt(int start, int length) => At(start, ~length);

    /// <summary>This one, or another if this one is absent; without a branch.</summary>
    internal HeaderSlot Or(HeaderSlot other) => new(_word | (other._word & (0 - (ulong)(_word == 0 ? 1 : 0))));
}
