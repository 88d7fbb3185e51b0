using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HepBridge.Calls;

/// <summary>A fast hash for in-process tables, seeded so that a peer cannot force collisions.</summary>
internal static class ByteHash
{
    private static readonly ulong _seed = (ulong)Random.Shared.NextInt64() | 1;

    public static ulong Compute(ReadOnlySpan<byte> bytes, ulong salt = 0)
    {
        ulong hash = _seed ^ (salt * 0x9e37_79b9_7f4a_7c15) ^ (ulong)bytes.Length;
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int at = 0;
        for (; at <= bytes.Length - 8; at += 8)
        {
            hash = Fold(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at)));
        }

        ulong rest = 0;
        for (; at < bytes.Length; at++)
        {
            rest = (rest << 8) | Unsafe.Add(ref first, at);
        }

        return Fold(hash ^ rest);
    }

    private static ulong Fold(ulong value)
    {
        ulong high = Math.BigMul(value, 0xa076_1d64_78bd_642f, out ulong low);
        return high ^ BitOperations.RotateLeft(low, 23);
    }
}
