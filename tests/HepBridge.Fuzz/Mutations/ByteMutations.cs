using System.Buffers.Binary;

namespace HepBridge.Fuzz.Mutations;

/// <summary>Mutations independent of the bytes' meaning.</summary>
internal static class ByteMutations
{
    private static readonly byte[] _bytes = [0, 1, 2, 7, 9, 10, 13, 32, 34, 37, 48, 57, 58, 91, 92, 93, 123, 125, 127, 128, 0xc3, 0xed, 0xf4, 0xfe, 0xff];
    private static readonly ulong[] _numbers =
        [0, 1, 5, 6, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, ulong.MaxValue];

    public static IReadOnlyList<Mutation> All { get; } = [FlipBit, SetByte, SetByte, SetNumber, InsertBytes, Remove, Remove, Duplicate, Swap, Truncate];

    /// <summary>Inserts a piece of another input of the corpus.</summary>
    public static Mutation Splice(IReadOnlyList<byte[]> corpus) => (mutant, dice) =>
    {
        byte[] other = dice.Pick(corpus);
        int start = dice.Next(other.Length);
        int length = dice.Next(Math.Min(other.Length - start, 4096) + 1);
        int at = dice.Next(mutant.Length + 1);
        mutant.Replace(at, dice.OneIn(2) ? 0 : Math.Min(length, mutant.Length - at), other.AsSpan(start, length));
    };

    /// <summary>Repeats a block until the input is large, to expose superlinear costs.</summary>
    public static void Explode(Mutant mutant, Dice dice)
    {
        int at = dice.Next(mutant.Length);
        int length = Math.Min(1 + dice.Next(dice.OneIn(2) ? 8 : 200), mutant.Length - at);
        int times = (1 << dice.Next(10, 18)) / Math.Max(length, 1);
        byte[] block = mutant.Bytes.Slice(at, length).ToArray();
        byte[] repeated = new byte[block.Length * times];
        for (int i = 0; i < times; i++)
        {
            block.CopyTo(repeated, i * block.Length);
        }

        mutant.Insert(at, repeated);
    }

    private static void FlipBit(Mutant mutant, Dice dice)
    {
        if (mutant.Length > 0)
        {
            mutant.Bytes[dice.Next(mutant.Length)] ^= (byte)(1 << dice.Next(8));
        }
    }

    private static void SetByte(Mutant mutant, Dice dice)
    {
        if (mutant.Length > 0)
        {
            mutant.Bytes[dice.Next(mutant.Length)] = dice.OneIn(3) ? dice.Byte() : dice.Pick(_bytes);
        }
    }

    private static void SetNumber(Mutant mutant, Dice dice)
    {
        Span<byte> number = stackalloc byte[8];
        ulong value = dice.Pick(_numbers) + (ulong)dice.Next(-1, 2);
        int size = 1 << dice.Next(4);
        int at = dice.Next(mutant.Length - size + 1);
        if (mutant.Length < size)
        {
            return;
        }

        if (dice.OneIn(2))
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value << (64 - (8 * size)));
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        }

        number[..size].CopyTo(mutant.Bytes[at..]);
    }

    private static void InsertBytes(Mutant mutant, Dice dice)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..(1 + dice.Next(dice.OneIn(3) ? 16 : 2))];
        foreach (ref byte octet in bytes)
        {
            octet = dice.OneIn(2) ? dice.Byte() : dice.Pick(_bytes);
        }

        mutant.Insert(dice.Next(mutant.Length + 1), bytes);
    }

    private static void Remove(Mutant mutant, Dice dice)
    {
        int at = dice.Next(mutant.Length);
        mutant.Remove(at, Math.Min(1 + dice.Next(dice.OneIn(4) ? 400 : 6), mutant.Length - at));
    }

    private static void Duplicate(Mutant mutant, Dice dice)
    {
        int at = dice.Next(mutant.Length);
        int length = Math.Min(1 + dice.Next(dice.OneIn(4) ? 2000 : 60), mutant.Length - at);
        mutant.Insert(dice.OneIn(2) ? at : dice.Next(mutant.Length + 1), mutant.Bytes.Slice(at, length));
    }

    private static void Swap(Mutant mutant, Dice dice)
    {
        int length = 1 + dice.Next(Math.Min(60, mutant.Length / 2));
        if (mutant.Length < 2 * length)
        {
            return;
        }

        int first = dice.Next(mutant.Length - (2 * length) + 1);
        int second = dice.Next(first + length, mutant.Length - length + 1);
        byte[] kept = mutant.Bytes.Slice(first, length).ToArray();
        mutant.Bytes.Slice(second, length).CopyTo(mutant.Bytes[first..]);
        kept.CopyTo(mutant.Bytes[second..]);
    }

    private static void Truncate(Mutant mutant, Dice dice)
    {
        int length = dice.Next(mutant.Length);
        if (dice.OneIn(3))
        {
            mutant.Remove(0, mutant.Length - length);
        }
        else
        {
            mutant.Remove(length, mutant.Length - length);
        }
    }
}
