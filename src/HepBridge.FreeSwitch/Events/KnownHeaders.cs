using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Finds a header's slot by its name: one multiplication and one table look-up, then one comparison that ignores case.
/// </summary>
public static class KnownHeaders
{
    /// <summary>The number of slots, <see cref="KnownHeader.None"/> included.</summary>
    public static int Count => KnownHeaderNames.All.Length;

    private const int TableBits = 13;
    private const int ShortestName = 4;
    private const int MostMultipliers = 10_000;
    private static readonly byte[][] _names = MakeNames();
    private static readonly ulong _multiplier = FindMultiplier(_names);
    private static readonly byte[] _table = MakeTable(_multiplier);

    /// <summary>The header's name as FreeSWITCH writes it.</summary>
    public static ReadOnlySpan<byte> NameOf(KnownHeader header) => _names[(int)header];

    /// <summary>The slot of a name, case ignored; <see cref="KnownHeader.None"/> if it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KnownHeader Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < ShortestName)
        {
            return KnownHeader.None;
        }

        byte candidate = _table[Slot(Mix(name), _multiplier)];
        return candidate != 0 && IsSame(name, _names[candidate]) ? (KnownHeader)candidate : KnownHeader.None;
    }

    // Spelled as FreeSWITCH spells it, which all but hand-made headers are: whole words of it, the last one overlapping the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(ReadOnlySpan<byte> name, byte[] known)
    {
        if (name.Length != known.Length)
        {
            return false;
        }

        ref byte left = ref MemoryMarshal.GetReference(name);
        ref byte right = ref MemoryMarshal.GetArrayDataReference(known);
        int length = name.Length;
        ulong difference;
        if (length < 8)
        {
            difference = (Unsafe.ReadUnaligned<uint>(ref left) ^ Unsafe.ReadUnaligned<uint>(ref right))
                | (Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref left, length - 4)) ^ Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref right, length - 4)));
        }
        else
        {
            difference = Difference(ref left, ref right, length - 8);
            for (int at = 0; at < length - 8; at += 8)
            {
                difference |= Difference(ref left, ref right, at);
            }
        }

        return difference == 0 || Ascii.EqualsIgnoreCase(name, known);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Difference(ref byte left, ref byte right, int at) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref left, at)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref right, at));

    /// <summary>
    /// Length, the last 16 bytes and eight from the middle where "rtp_audio" and "rtp_video" differ; bit 0x20 is set everywhere, so that
    /// case does not count (other characters may fall together: the comparison behind decides).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ReadOnlySpan<byte> name)
    {
        const ulong Fold = 0x2020_2020_2020_2020;
        ref byte first = ref MemoryMarshal.GetReference(name);
        int length = name.Length;
        if (length < 8)
        {
            uint head = Unsafe.ReadUnaligned<uint>(ref first);
            uint tail = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, length - 4));
            return ((((ulong)head << 32) | tail) | Fold) + (ulong)length;
        }

        ulong last = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, length - 8)) | Fold;
        if (length < 17)
        {
            ulong start = Unsafe.ReadUnaligned<ulong>(ref first) | Fold;
            return last + (start * 0x9e37_79b9_7f4a_7c15) + (ulong)length;
        }

        ulong middle = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 9)) | Fold;
        ulong beforeLast = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, length - 16)) | Fold;
        return last + (middle * 0xc2b2_ae3d_27d4_eb4f) + (beforeLast * 0x1656_67b1_9e37_79f9) + (ulong)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(ulong mixed, ulong multiplier) => (int)((mixed * multiplier) >> (64 - TableBits));

    private static byte[][] MakeNames() => Array.ConvertAll(KnownHeaderNames.All, Encoding.ASCII.GetBytes);

    // A multiplier under which no two known names meet: found at start, the first few dozen candidates hold one.
    // The first name of the list is that of None, and in no table.
    internal static ulong FindMultiplier(byte[][] names)
    {
        ulong candidate = 0x9e37_79b9_7f4a_7c15;
        ulong[] mixed = Array.ConvertAll(names, static name => name.Length < ShortestName ? 0 : Mix(name));
        int[] seen = new int[1 << TableBits];
        (int First, int Second) pair = default;
        for (int round = 0; round < MostMultipliers; round++)
        {
            Array.Clear(seen);
            pair = default;
            for (int i = 1; i < mixed.Length && pair == default; i++)
            {
                ref int owner = ref seen[Slot(mixed[i], candidate)];
                pair = owner == 0 ? default : (owner, i);
                owner = i;
            }

            if (pair == default)
            {
                return candidate;
            }

            candidate = (candidate * 0xd134_2543_de82_ef95) | 1;
        }

        throw new InvalidOperationException(
            $"The headers {Encoding.ASCII.GetString(names[pair.First])} and {Encoding.ASCII.GetString(names[pair.Second])} share a slot under every multiplier: Mix must tell them apart.");
    }

    private static byte[] MakeTable(ulong multiplier)
    {
        byte[] table = new byte[1 << TableBits];
        for (int i = 1; i < _names.Length; i++)
        {
            table[Slot(Mix(_names[i]), multiplier)] = (byte)i;
        }

        return table;
    }
}
