using System.Buffers.Binary;

namespace HepBridge.Fuzz.Mutations;

/// <summary>Mutations based on HEP3's chunks; most of them leave a packet with consistent lengths.</summary>
internal static class HepMutations
{
    private const int Preamble = 6;
    private const int ChunkHeader = 6;

    public static IReadOnlyList<Mutation> All { get; } = [ChunkLength, ChunkType, DropChunk, DuplicateChunk, ResizeValue, ChangeValue, ChangeValue, TotalLength];

    private static void ChunkLength(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is { } chunk)
        {
            int[] lengths = [0, 5, 6, 7, chunk.Length - 1, chunk.Length + 1, 0xffff];
            BinaryPrimitives.WriteUInt16BigEndian(mutant.Bytes[(chunk.At + 4)..], (ushort)dice.Pick(lengths));
        }
    }

    private static void ChunkType(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is { } chunk)
        {
            BinaryPrimitives.WriteUInt16BigEndian(mutant.Bytes[(chunk.At + 2)..], (ushort)dice.Next(0x25));
            BinaryPrimitives.WriteUInt16BigEndian(mutant.Bytes[chunk.At..], (ushort)(dice.OneIn(8) ? dice.Next(3) : 0));
        }
    }

    private static void DropChunk(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is { } chunk)
        {
            mutant.Remove(chunk.At, chunk.Length);
            Fix(mutant, chunk.Packet, -chunk.Length);
        }
    }

    private static void DuplicateChunk(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is { } chunk)
        {
            mutant.Insert(chunk.At, mutant.Bytes.Slice(chunk.At, chunk.Length));
            Fix(mutant, chunk.Packet, chunk.Length);
        }
    }

    private static void ResizeValue(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is not { } chunk)
        {
            return;
        }

        int change = dice.OneIn(2) ? -Math.Min(dice.Next(4), chunk.Length - ChunkHeader) : dice.Next(dice.OneIn(10) ? 70_000 : 20);
        if (change < 0)
        {
            mutant.Remove(chunk.At + chunk.Length + change, -change);
        }
        else
        {
            byte[] more = new byte[change];
            more.AsSpan().Fill(dice.Byte());
            mutant.Insert(chunk.At + chunk.Length, more);
        }

        BinaryPrimitives.WriteUInt16BigEndian(mutant.Bytes[(chunk.At + 4)..], (ushort)(chunk.Length + change));
        Fix(mutant, chunk.Packet, change);
    }

    private static void ChangeValue(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is { } chunk && chunk.Length > ChunkHeader)
        {
            mutant.Bytes[chunk.At + ChunkHeader + dice.Next(chunk.Length - ChunkHeader)] = dice.Byte();
        }
    }

    private static void TotalLength(Mutant mutant, Dice dice)
    {
        if (Chunk(mutant, dice) is { } chunk)
        {
            Fix(mutant, chunk.Packet, dice.OneIn(2) ? dice.Next(-7, 8) : dice.Next(ushort.MaxValue));
        }
    }

    private static void Fix(Mutant mutant, int packet, int change)
    {
        Span<byte> length = mutant.Bytes[(packet + 4)..];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(length) + change));
    }

    // Any chunk of any packet; null if the lengths no longer lead to one.
    private static (int Packet, int At, int Length)? Chunk(Mutant mutant, Dice dice)
    {
        int from = dice.Next(mutant.Length);
        int packet = mutant.Bytes[..from].LastIndexOf("HEP3"u8);
        packet = packet < 0 ? mutant.Bytes.IndexOf("HEP3"u8) : packet;
        if (packet < 0)
        {
            return null;
        }

        (int, int, int)? chosen = null;
        int seen = 0;
        for (int at = packet + Preamble; at + ChunkHeader <= mutant.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(mutant.Bytes[(at + 4)..]);
            if (length < ChunkHeader || at + length > mutant.Length || mutant.Bytes[at..].StartsWith("HEP3"u8))
            {
                break;
            }

            if (dice.OneIn(++seen))
            {
                chosen = (packet, at, length);
            }

            at += length;
        }

        return chosen;
    }
}
