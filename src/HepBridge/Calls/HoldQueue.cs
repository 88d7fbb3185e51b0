using System.Buffers;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>
/// Events that wait for their leg's Call-ID: in order for each leg, and in order over all, so that the oldest makes room. Bounded by events
/// a leg, events in all, and octets. Nothing is allocated in the steady state: snapshots and entries are used again.
/// </summary>
internal sealed class HoldQueue
{
    /// <summary>Bytes of all snapshots together.</summary>
    public const long MaxOctets = 32L << 20;

    // Longer ones are rare: the pool would keep their arrays.
    private const int LongestPooled = 4_096;
    private const int MaxSpare = 4_096;
    private readonly Stack<HeldEvent> _spare = new();
    private HeldEvent? _oldest;
    private HeldEvent? _newest;

    /// <summary>Events waiting now.</summary>
    public int Count { get; private set; }

    /// <summary>Octets that the snapshots waiting now take.</summary>
    public long Octets { get; private set; }

    /// <summary>The event that has waited longest.</summary>
    public HeldEvent? Oldest => _oldest;

    /// <summary>Whether one more event must wait for one to leave first.</summary>
    public bool IsFull(int limit) => Count >= limit || Octets >= MaxOctets;

    /// <summary>Takes a snapshot of an event to the end of its leg's queue.</summary>
    public void Add(Leg leg, scoped in FreeSwitchEvent e, object input, long nowMilliseconds)
    {
        HeldEvent held = _spare.TryPop(out HeldEvent? spare) ? spare : new HeldEvent();
        held.Length = EventSnapshot.Measure(e);
        held.Snapshot = held.Length <= LongestPooled ? ArrayPool<byte>.Shared.Rent(held.Length) : new byte[held.Length];
        EventSnapshot.Write(e, held.Snapshot.AsSpan(0, held.Length));
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
        Octets += held.Snapshot.Length;
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
        Octets -= held.Snapshot.Length;
        return held;
    }

    /// <summary>Gives an event's memory back.</summary>
    public void Return(HeldEvent held)
    {
        if (held.Length <= LongestPooled)
        {
            ArrayPool<byte>.Shared.Return(held.Snapshot);
        }

        held.Snapshot = [];
        held.Leg = null!;
        held.Input = null!;
        if (_spare.Count < MaxSpare)
        {
            _spare.Push(held);
        }
    }
}
