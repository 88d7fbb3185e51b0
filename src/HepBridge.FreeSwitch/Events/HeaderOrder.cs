using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Learns which header follows which. A switch writes its headers in the same order event after event, so one comparison with the expected name replaces
/// the search for its end and the look-up. Bounded: a name that does not fit is looked up each time. Not thread-safe.
/// </summary>
internal sealed class HeaderOrder
{
    /// <summary>Bytes that must be readable where a name begins.</summary>
    public const int Window = 64;

    private const int MaxNames = 1_023;
    private const int MaxText = 32 * 1024;
    private const int BucketCount = 2_048;

    private readonly Entry[] _entries = new Entry[MaxNames + 1];
    private readonly ushort[] _buckets = new ushort[BucketCount];
    private readonly byte[] _text = new byte[MaxText + Window];
    private int _names;
    private int _textLength;

    /// <summary>
    /// Records a line whose name follows the one of <paramref name="entry"/> as it did last time, and moves on to its entry; false if it is another name.
    /// Requires a <see cref="Window"/> of bytes at the line's start.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNote(ref int entry, ref byte first, int lineStart, int lineEnd, HeaderSlot[] slots)
    {
        ref Entry entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        nuint expected = Unsafe.Add(ref entries, (nuint)(uint)entry).Next;
        ref Entry found = ref Unsafe.Add(ref entries, expected);
        if (!IsSame(ref Unsafe.Add(ref first, (nuint)(uint)lineStart), ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_text), (nuint)found.Start), found.Length))
        {
            return false;
        }

        entry = (int)expected;
        Note(found, lineStart, lineEnd, slots);
        return true;
    }

    public void Note(int entry, int lineStart, int lineEnd, HeaderSlot[] slots) => Note(_entries[entry], lineStart, lineEnd, slots);

    /// <summary>The entry of the line's name, found or added, which is expected after the previous one from now on; 0 if it has none.</summary>
    /// <param name="previous">The entry of the line before.</param>
    /// <param name="line">The line, without its newline.</param>
    /// <param name="known">All names with slots.</param>
    public int Learn(int previous, ReadOnlySpan<byte> line, KnownHeaderTable known)
    {
        int length = line.IndexOf((byte)':') + 2;
        if (length is < 6 or > Window || length > line.Length || line[length - 1] != (byte)' ')
        {
            return 0;
        }

        ReadOnlySpan<byte> name = line[..length];
        uint bucket = KnownHeaderTable.Hash(name) % BucketCount;
        for (; _buckets[bucket] != 0; bucket = (bucket + 1) % BucketCount)
        {
            int index = _buckets[bucket];
            if (name.SequenceEqual(_text.AsSpan(_entries[index].Start, _entries[index].Length)))
            {
                _entries[previous].Next = (ushort)index;
                return index;
            }
        }

        if (_names == MaxNames || _textLength + length > MaxText)
        {
            return 0;
        }

        int added = ++_names;
        name.CopyTo(_text.AsSpan(_textLength));
        _entries[added] = new Entry { Start = (ushort)_textLength, Length = (byte)length, Header = (byte)known.Find(name[..^2]) };
        _textLength += length;
        _buckets[bucket] = (ushort)added;
        _entries[previous].Next = (ushort)added;
        return added;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Note(in Entry entry, int lineStart, int lineEnd, HeaderSlot[] slots)
    {
        if (entry.Header == (byte)KnownHeader.None)
        {
            return;
        }

        ref HeaderSlot slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), (nuint)entry.Header);
        if (slot.Start == 0)
        {
            int start = lineStart + entry.Length;
            slot = HeaderSlot.At(start, lineEnd - start);
        }
    }

    // The entry that no name has: length 0 equals nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(ref byte left, ref byte right, nint length)
    {
        if (length >= 16)
        {
            Vector128<byte> difference = Differ(ref left, ref right, 0) | Differ(ref left, ref right, length - 16);
            if (length > 32)
            {
                difference |= Differ(ref left, ref right, 16) | Differ(ref left, ref right, length - 32);
            }

            return difference == Vector128<byte>.Zero;
        }

        if (length >= 8)
        {
            return (KnownHeaderTable.Difference(ref left, ref right, 0) | KnownHeaderTable.Difference(ref left, ref right, length - 8)) == 0;
        }

        return length > 0 && MemoryMarshal.CreateReadOnlySpan(ref left, (int)length).SequenceEqual(MemoryMarshal.CreateReadOnlySpan(ref right, (int)length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Differ(ref byte left, ref byte right, nint at) =>
        Vector128.LoadUnsafe(ref left, (nuint)at) ^ Vector128.LoadUnsafe(ref right, (nuint)at);

    private struct Entry
    {
        public ushort Start;
        public ushort Next;
        public byte Length;
        public byte Header;
    }
}
