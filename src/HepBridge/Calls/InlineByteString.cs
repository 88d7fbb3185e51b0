using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace HepBridge.Calls;

/// <summary>
/// Bytes that stand in their owner itself as long as they are few: a Unique-ID and most Call-IDs. With 100,000 legs each array more is a
/// place that the processor has forgotten, and 24 bytes of overhead.
/// </summary>
internal struct InlineByteString
{
    private const int Room = 40;
    private InlineRoom _inline;
    private ByteString _longer;
    private byte _length;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => _length > 0 ? ((ReadOnlySpan<byte>)_inline)[.._length] : _longer.Span;

    public readonly bool IsEmpty => _length == 0 && _longer.IsEmpty;

    /// <summary>Bytes on the heap.</summary>
    public readonly int HeapBytes => _longer.HeapBytes;

    /// <summary>Keeps a copy.</summary>
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
