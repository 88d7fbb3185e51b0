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

    public readonly int HeapBytes => SizeOf(_bytes);

    public void Set(ReadOnlySpan<byte> value)
    {
        Store(ref _bytes, value);
        _length = value.Length;
    }

    /// <summary>Empties it, and keeps the array for the next value.</summary>
    public void Clear() => _length = 0;

    /// <summary>Copies a value into an array, or into a new one if it is too short.</summary>
    public static void Store(ref byte[]? bytes, ReadOnlySpan<byte> value)
    {
        if (bytes is null || bytes.Length < value.Length)
        {
            bytes = new byte[Math.Max(48, (value.Length + 15) & ~15)];
        }

        value.CopyTo(bytes);
    }

    /// <summary>What an array takes on the heap.</summary>
    public static int SizeOf(byte[]? bytes) => bytes is null ? 0 : bytes.Length + ArrayOverhead;
}

/// <summary>
/// Stores short byte strings (a Unique-ID and most Call-IDs) in their owner itself. With 100,000 legs, each extra array
/// means a cache miss and 24 bytes of overhead.
/// </summary>
internal struct InlineByteString
{
    // With the other fields, 56 bytes.
    private const int Room = 44;
    private byte[]? _longer;
    private int _length;
    private InlineRoom _inline;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _length <= Room ? ((ReadOnlySpan<byte>)_inline)[.._length] : _longer.AsSpan(0, _length);
    }

    public readonly bool IsEmpty => _length == 0;

    public readonly int HeapBytes => ByteString.SizeOf(_longer);

    public void Set(ReadOnlySpan<byte> value)
    {
        _length = value.Length;
        if (value.Length <= Room)
        {
            value.CopyTo(_inline);
            return;
        }

        ByteString.Store(ref _longer, value);
    }

    public void Clear() => _length = 0;

    [InlineArray(Room)]
    private struct InlineRoom
    {
        private byte _first;
    }
}
