namespace HepBridge.Calls;

/// <summary>A short byte string that reuses its array when replaced. Not to be copied: one owner.</summary>
internal struct ByteString
{
    private const int ArrayOverhead = 24;
    private byte[]? _bytes;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public readonly bool IsEmpty => _length == 0;

    /// <summary>Bytes on the heap.</summary>
    public readonly int HeapBytes => _bytes is null ? 0 : _bytes.Length + ArrayOverhead;

    public void Set(ReadOnlySpan<byte> value)
    {
        if (_bytes is null || _bytes.Length < value.Length)
        {
            _bytes = new byte[Math.Max(48, (value.Length + 15) & ~15)];
        }

        value.CopyTo(_bytes);
        _length = value.Length;
    }

    /// <summary>Empties it, and keeps the array for the next value.</summary>
    public void Clear() => _length = 0;
}
