using System.Buffers;

namespace HepBridge.Calls;

/// <summary>A packet that waits for its leg's neighbor.</summary>
internal abstract class HeldPacket
{
    /// <summary>Rented; <see cref="Length"/> bytes of it count.</summary>
    public byte[] Bytes { get; set; } = [];

    public int Length { get; set; }

    public Dialog Dialog { get; set; } = null!;

    /// <summary>Our monotonic clock when it came, in milliseconds.</summary>
    public long SinceMilliseconds { get; set; }

    internal HeldPacket? NextOfDialog { get; set; }

    internal LinkedListNode<HeldPacket>? Place { get; set; }
}

/// <summary>A held packet and the data stored with it.</summary>
internal sealed class HeldPacket<T> : HeldPacket
{
    public T Kept { get; set; } = default!;
}

/// <summary>Packets that wait, in order for each Call-ID and over all. Bounded; nothing is allocated in the steady state.</summary>
/// <typeparam name="T">Data stored with each.</typeparam>
internal sealed class PacketHold<T>
{
    /// <summary>Most packets of one Call-ID.</summary>
    public const int MaxPerDialog = 8;

    /// <summary>Most packets in all.</summary>
    public const int MaxPackets = 4_096;

    /// <summary>Most bytes in all.</summary>
    public const long MaxBytes = 16L << 20;

    private readonly LinkedList<HeldPacket> _byAge = new();
    private readonly Stack<HeldPacket<T>> _spare = new();
    private long _bytes;

    public int Count => _byAge.Count;

    /// <summary>The packet that has waited longest.</summary>
    public HeldPacket? Oldest => _byAge.First?.Value;

    /// <summary>Whether a packet of that length must wait for one to leave first.</summary>
    public bool IsFull(int length) => Count >= MaxPackets || _bytes + length > MaxBytes;

    /// <summary>Adds a packet behind the others of its Call-ID.</summary>
    public void Add(Dialog dialog, ReadOnlySpan<byte> packet, in T kept, long nowMilliseconds)
    {
        HeldPacket<T> held = _spare.TryPop(out HeldPacket<T>? spare) ? spare : new HeldPacket<T>();
        held.Bytes = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(held.Bytes);
        held.Length = packet.Length;
        held.Kept = kept;
        held.Dialog = dialog;
        held.SinceMilliseconds = nowMilliseconds;
        held.Place ??= new LinkedListNode<HeldPacket>(held);
        _byAge.AddLast(held.Place);
        _bytes += packet.Length;
        if (dialog.LastHeld is null)
        {
            dialog.FirstHeld = held;
        }
        else
        {
            dialog.LastHeld.NextOfDialog = held;
        }

        dialog.LastHeld = held;
        dialog.HeldCount++;
    }

    /// <summary>Takes the Call-ID's first packet; <see cref="Return"/> it when it has been used. Null: it has none.</summary>
    public HeldPacket<T>? TakeFirst(Dialog dialog)
    {
        HeldPacket<T>? held = (HeldPacket<T>?)dialog.FirstHeld;
        if (held is null)
        {
            return null;
        }

        dialog.FirstHeld = held.NextOfDialog;
        if (dialog.FirstHeld is null)
        {
            dialog.LastHeld = null;
        }

        dialog.HeldCount--;
        held.NextOfDialog = null;
        _byAge.Remove(held.Place!);
        _bytes -= held.Length;
        return held;
    }

    /// <summary>Gives a packet's memory back.</summary>
    public void Return(HeldPacket<T> held)
    {
        ArrayPool<byte>.Shared.Return(held.Bytes);
        held.Bytes = [];
        held.Dialog = null!;
        held.Kept = default!;
        _spare.Push(held);
    }
}
