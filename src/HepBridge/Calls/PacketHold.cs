using System.Buffers;

namespace HepBridge.Calls;

/// <summary>A packet held until its leg's neighbor is known.</summary>
internal sealed class HeldPacket<T> : HeldBlock
{
    public Dialog Dialog { get; set; } = null!;

    /// <summary>The data stored with it.</summary>
    public T Kept { get; set; } = default!;
}

/// <summary>Held packets, in order per Call-ID and overall. Bounded; allocates nothing in the steady state.</summary>
/// <typeparam name="T">Data stored with each packet.</typeparam>
internal sealed class PacketHold<T>
{
    public const int MaxPerDialog = 8;

    public const int MaxPackets = 4_096;

    public const long MaxBytes = 16L << 20;

    private readonly Stack<HeldPacket<T>> _spare = new();
    private AgeList<HeldPacket<T>> _byAge;
    private long _bytes;

    public int Count { get; private set; }

    public HeldPacket<T>? Oldest => _byAge.Oldest;

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
        dialog.Held.Append(held);
    }

    /// <summary>Takes the Call-ID's first packet out of the queue; call <see cref="Return"/> after use. Null if there is none.</summary>
    public HeldPacket<T>? TakeFirst(Dialog dialog)
    {
        HeldPacket<T>? held = (HeldPacket<T>?)dialog.Held.TakeFirst();
        if (held is null)
        {
            return null;
        }

        _byAge.Remove(held);
        Count--;
        _bytes -= held.Length;
        return held;
    }

    public void Return(HeldPacket<T> held)
    {
        ArrayPool<byte>.Shared.Return(held.Bytes);
        held.Bytes = [];
        held.Dialog = null!;
        held.Kept = default!;
        _spare.Push(held);
    }
}
