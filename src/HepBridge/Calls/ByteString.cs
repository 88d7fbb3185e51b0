using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace HepBridge.Calls;

/// <summary>A short byte string that reuses its array when replaced. Not to be copied: one owner.</summary>
internal struct ByteString
{
    private const int ArrayOverhead = 24;
    private byte[]? _bytes;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public readonly bool IsEmpty => _length == 0;

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

/// <summary>
/// Stores short byte strings (a Unique-ID and most Call-IDs) in their owner itself. With 100,000 legs, each extra array
/// means a cache miss and 24 bytes of overhead.
/// </summary>
internal struct InlineByteString
{
    private const int Room = 40;
    private InlineRoom _inline;
    private ByteString _longer;
    private byte _length;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _length > 0 ? ((ReadOnlySpan<byte>)_inline)[.._length] : _longer.Span;
    }

    public readonly bool IsEmpty => _length == 0 && _longer.IsEmpty;

    public readonly int HeapBytes => _longer.HeapBytes;

    public void Set(ReadOnlySpan<byte> value)
    {
        _longer.Clear();
        if (value.Length <= Room)
        {
            value.CopyTo(_inline);
            _length = (byte)value.Length;
            return;
        }

        _length = 0;
        _longer.Set(value);
    }

    public void Clear()
    {
        _length = 0;
        _longer.Clear();
    }

    [InlineArray(Room)]
    private struct InlineRoom
    {
        private byte _first;
    }
}
