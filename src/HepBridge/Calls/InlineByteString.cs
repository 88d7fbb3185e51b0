using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace HepBridge.Calls;

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

    /// <summary>Bytes on the heap.</summary>
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
