using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>A fast hash for in-process tables, seeded so that a peer cannot force collisions.</summary>
internal static class ByteHash
{
    private const ulong Spread = 0x9e37_79b9_7f4a_7c15;

    // Odd, random bits otherwise: the hash of a word is unknown to a peer, so it cannot cancel one word's effect by another's.
    private static readonly ulong _seed = (ulong)Random.Shared.NextInt64() | 1;
    private static readonly ulong _keys = (ulong)Random.Shared.NextInt64() | 1;

    public static ulong Compute(ReadOnlySpan<byte> bytes, ulong salt = 0)
    {
        ulong keys = _keys;
        ulong hash = _seed ^ (salt * Spread) ^ (ulong)bytes.Length;
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int at = 0;
        for (; at <= bytes.Length - 8; at += 8)
        {
            hash = Add(hash, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at)), keys);
        }

        ulong rest = 0;
        for (; at < bytes.Length; at++)
        {
            rest = (rest << 8) | Unsafe.Add(ref first, at);
        }

        hash = Add(hash, rest, keys);
        hash = (hash ^ (hash >> 32)) * Spread;
        return hash ^ (hash >> 29);
    }

    // A 32-bit product, as in UMAC's NH: a 64-bit one with both halves of its result is slow on a base instruction set without MULX.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong hash, ulong word, ulong keys) =>
        (BitOperations.RotateLeft(hash, 27) * Spread) + ((ulong)((uint)word + (uint)keys) * ((uint)(word >> 32) + (uint)(keys >> 32)));

    /// <summary>Reduces an address and port to four bytes, to recognize them later; never 0, which means none.</summary>
    public static uint Compute(HepAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[18];
        address.WriteIPv6(bytes);
        bytes[16] = (byte)(port >> 8);
        bytes[17] = (byte)port;
        return Math.Max((uint)Compute(bytes), 1);
    }
}
