using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HepBridge.Reports;

/// <summary>Finds the bytes that a text format has to look at: control and non-ASCII bytes, and its own delimiters.</summary>
/// <remarks>Plain comparisons: SearchValues shuffles bytes, which the ahead-of-time compiler emulates byte by byte.</remarks>
internal static class SpecialBytes
{
    /// <summary>Index of the first byte below 0x20, above 0x7f, or equal to a delimiter; -1 if there is none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, byte first, byte second, byte third, byte fourth)
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        int length = text.Length;
        if (length < 8)
        {
            for (int i = 0; i < length; i++)
            {
                byte c = text[i];
                if ((sbyte)c < 0x20 || c == first || c == second || c == third || c == fourth)
                {
                    return i;
                }
            }

            return -1;
        }

        if (length < 16)
        {
            // Both ends, which overlap.
            Vector128<byte> ends = Vector128.Create(Unsafe.ReadUnaligned<ulong>(ref start), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - 8))).AsByte();
            int index = BitOperations.TrailingZeroCount(Find(ends, first, second, third, fourth));
            return index < 8 ? index : index < 16 ? length - 16 + index : -1;
        }

        for (int at = 0; ; at = Math.Min(at + 16, length - 16))
        {
            uint found = Find(Vector128.LoadUnsafe(ref start, (nuint)(uint)at), first, second, third, fourth);
            if (found != 0)
            {
                return at + BitOperations.TrailingZeroCount(found);
            }

            if (at == length - 16)
            {
                return -1;
            }
        }
    }

    // Signed, non-ASCII bytes are negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Find(Vector128<byte> block, byte first, byte second, byte third, byte fourth) =>
        (Vector128.LessThan(block.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte()
            | Vector128.Equals(block, Vector128.Create(first)) | Vector128.Equals(block, Vector128.Create(second))
            | Vector128.Equals(block, Vector128.Create(third)) | Vector128.Equals(block, Vector128.Create(fourth))).ExtractMostSignificantBits();
}
