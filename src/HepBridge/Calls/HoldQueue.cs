using System.Buffers;

namespace HepBridge.Calls;

/// <summary>
/// Events that wait for their leg's Call-ID: in order for each leg, and in order over all, so that the oldest makes room. Bounded by events
/// a leg, events in all, and bytes. Nothing is allocated in the steady state: snapshots and entries are used again.
/// </summary>
internal sealed class HoldQueue
{
    private const long MaxBytes = 160L << 20;
    private readonly Stack<HeldEvent> _spare = new();
    private HeldEvent? _oldest;
    private HeldEvent? _newest;

    /// <summary>Events waiting now.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the snapshots waiting now.</summary>
    public long Bytes { get; private set; }

    /// <summary>The event that has waited longest.</summary>
    public HeldEvent? Oldest => _oldest;

    /// <summary>Whether one more event must wait for one to leave first.</summary>
    public bool IsFull(int limit) => Count >= limit || Bytes >= MaxBytes;

    /// <summary>Adds to the end of a leg's queue, and gives the room for the snapshot.</summary>
    public Span<byte> Add(Leg leg, int length, bool isPayload, object input, long nowMilliseconds)
    {
        HeldEvent held = _spare.TryPop(out HeldEvent? spare) ? spare : new HeldEvent();
        held.Length = length;
        held.IsPayload = isPayload;
        held.Snapshot = ArrayPool<byte>.Shared.Rent(length);
        held.Leg = leg;
        held.Input = input;
        held.HeldSinceMilliseconds = nowMilliseconds;

        if (leg.LastHeld is null)
        {
            leg.FirstHeld = held;
        }
        else
        {
            leg.LastHeld.NextOfLeg = held;
        }

        leg.LastHeld = held;
        leg.HeldCount++;

        held.Older = _newest;
        if (_newest is null)
        {
            _oldest = held;
        }
        else
        {
            _newest.Newer = held;
        }

        _newest = held;
        Count++;
        Bytes += held.Length;
        return held.Snapshot.AsSpan(0, length);
    }

    /// <summary>Moves what one leg holds to another that holds nothing.</summary>
    public static void Move(Leg from, Leg to)
    {
        for (HeldEvent? held = from.FirstHeld; held is not null; held = held.NextOfLeg)
        {
            held.Leg = to;
        }

        (to.FirstHeld, to.LastHeld, to.HeldCount) = (from.FirstHeld, from.LastHeld, from.HeldCount);
        (from.FirstHeld, from.LastHeld, from.HeldCount) = (null, null, 0);
    }

    /// <summary>Takes the leg's first event out of the queue; <see cref="Return"/> it when it has been used.</summary>
    public HeldEvent? TakeFirst(Leg leg)
    {
        HeldEvent? held = leg.FirstHeld;
        if (held is null)
        {
            return null;
        }

        leg.FirstHeld = held.NextOfLeg;
        if (leg.FirstHeld is null)
        {
            leg.LastHeld = null;
        }

        leg.HeldCount--;
        if (held.Older is null)
        {
            _oldest = held.Newer;
        }
        else
        {
            held.Older.Newer = held.Newer;
        }

        if (held.Newer is null)
        {
            _newest = held.Older;
        }
        else
        {
            held.Newer.Older = held.Older;
        }

        held.NextOfLeg = null;
        held.Older = null;
        held.Newer = null;
        Count--;
        Bytes -= held.Length;
        return held;
    }

    /// <summary>Gives an event's memory back.</summary>
    public void Return(HeldEvent held)
    {
        ArrayPool<byte>.Shared.Return(held.Snapshot);
        held.Snapshot = [];
        held.Leg = null!;
        held.Input = null!;
        _spare.Push(held);
    }
}
