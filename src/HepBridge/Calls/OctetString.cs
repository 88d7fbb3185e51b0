namespace HepBridge.Calls;

/// <summary>A short run of octets that is kept and replaced without a new array each time. Belongs to one owner.</summary>
internal struct OctetString
{
    private const int ArrayOverhead = 24;
    private const int LongestKept = 128;
    private byte[]? _octets;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _octets.AsSpan(0, _length);

    public readonly bool IsEmpty => _length == 0;

    /// <summary>Bytes on the heap.</summary>
    public readonly int HeapBytes => _octets is null ? 0 : _octets.Length + ArrayOverhead;

    /// <summary>Keeps a copy.</summary>
    public void Set(ReadOnlySpan<byte> value)
    {
        if (_octets is null || _octets.Length < value.Length)
        {
            _octets = new byte[Math.Max(48, (value.Length + 15) & ~15)];
        }

        value.CopyTo(_octets);
        _length = value.Length;
    }

    public void Clear()
    {
        _length = 0;

        // A long value must not stay with a leg that is used again.
        if (_octets?.Length > LongestKept)
        {
            _octets = null;
        }
    }
}
