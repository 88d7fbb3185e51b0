using System.Buffers;

namespace HepBridge.Calls;

/// <summary>A packet held until its leg's neighbor is known.</summary>
internal abstract class HeldPacket : Aged
{
    /// <summary>Rented; only the first <see cref="Length"/> bytes are valid.</summary>
    public byte[] Bytes { get; set; } = [];

    public int Length { get; set; }

    public Dialog Dialog { get; set; } = null!;

    /// <summary>Our monotonic clock when it was held, in milliseconds.</summary>
    public long SinceMilliseconds { get; set; }

    internal HeldPacket? NextOfDialog { get; set; }
}

/// <summary>A held packet and the data stored with it.</summary>
internal sealed class HeldPacket<T> : HeldPacket
{
    public T Kept { get; set; } = default!;
}

/// <summary>Held packets, in order per Call-ID and overall. Bounded; allocates nothing in the steady state.</summary>
/// <typeparam name="T">Data stored with each packet.</typeparam>
internal sealed class PacketHold<T>
{
    /// <summary>Most packets per Call-ID.</summary>
    public const int MaxPerDialog = 8;

    /// <summary>Most packets in total.</summary>
    public const int MaxPackets = 4_096;

    /// <summary>Most bytes in total.</summary>
    public const long MaxBytes = 16L << 20;

    private readonly Stack<HeldPacket<T>> _spare = new();
    private AgeList<HeldPacket> _byAge;
    private long _bytes;

    public int Count { get; private set; }

    /// <summary>The packet held longest.</summary>
    public HeldPacket? Oldest => _byAge.Oldest;

    /// <summary>Whether a packet has to go before one of this length can be held.</summary>
    public bool IsFull(int length) => Count >= MaxPackets || _bytes + length > MaxBytes;

    /// <summary>Appends a packet to those of its Call-ID.</summary>
    public void Add(Dialog dialog, ReadOnlySpan<byte> packet, in T kept, long nowMilliseconds)
    {
        HeldPacket<T> held = _spare.TryPop(out HeldPacket<T>? spare) ? spare : new HeldPacket<T>();
        held.Bytes = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(held.Bytes);
        held.Length = packet.Length;
        held.Kept = kept;
        held.Dialog = dialog;
        held.SinceMilliseconds = nowMilliseconds;
        _byAge.Append(held);
        Count++;
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

    /// <summary>Takes the Call-ID's first packet out of the queue; call <see cref="Return"/> after use. Null if there is none.</summary>
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
        _byAge.Remove(held);
        Count--;
        _bytes -= held.Length;
        return held;
    }

    /// <summary>Returns a packet's memory.</summary>
    public void Return(HeldPacket<T> held)
    {
        ArrayPool<byte>.Shared.Return(held.Bytes);
        held.Bytes = [];
        held.Dialog = null!;
        held.Kept = default!;
        _spare.Push(held);
    }
}
