using System.Buffers.Binary;

namespace HepBridge.Outputs;

/// <summary>
/// A block of contiguous memory with whole HEP3 packets back to back. Has one owner at a time: the ring, the worker that
/// sends it, or the spool's writer.
/// </summary>
internal sealed class PacketBlock
{
    /// <summary>Size in bytes: larger than the largest packet, small enough to allocate and free.</summary>
    public const int Size = 128 * 1024;

    // Pinned, because batches are sent by address; not cleared, so that untouched pages use no memory.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>Packets in the block, including sent ones.</summary>
    public int Packets { get; private set; }

    /// <summary>Bytes at the start whose packets are done.</summary>
    public int DoneBytes { get; private set; }

    /// <summary>Packets that are done.</summary>
    public int DonePackets { get; private set; }

    /// <summary>The ring's epoch when the first packet was added.</summary>
    public long Epoch { get; private set; }

    /// <summary>The next block in the ring.</summary>
    public PacketBlock? Next { get; set; }

    public int Free => Size - Length;

    public bool IsDone => DoneBytes == Length;

    public int RestPackets => Packets - DonePackets;

    /// <summary>The whole packets that are not done.</summary>
    public ReadOnlyMemory<byte> Rest => _bytes.AsMemory(DoneBytes, Length - DoneBytes);

    /// <summary>Length of the packet that starts here, from its header.</summary>
    public static int PacketLength(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);

    /// <summary>Whole packets within the first <paramref name="limit"/> bytes of <paramref name="packets"/>, and their bytes.</summary>
    public static (int Count, int Bytes) WholePackets(ReadOnlySpan<byte> packets, int limit)
    {
        int count = 0;
        int at = 0;
        while (at < packets.Length)
        {
            int next = at + PacketLength(packets[at..]);
            if (next > limit)
            {
                break;
            }

            at = next;
            count++;
        }

        return (count, at);
    }

    /// <summary>Adds a packet that fits.</summary>
    public void Append(ReadOnlySpan<byte> packet, long epoch)
    {
        if (Length == 0)
        {
            Epoch = epoch;
        }

        packet.CopyTo(_bytes.AsSpan(Length));
        Length += packet.Length;
        Packets++;
    }

    /// <summary>Marks packets at the start of <see cref="Rest"/> as done.</summary>
    public void Advance(int packets, int bytes)
    {
        DonePackets += packets;
        DoneBytes += bytes;
    }

    public void Clear() => Length = Packets = DoneBytes = DonePackets = 0;
}
