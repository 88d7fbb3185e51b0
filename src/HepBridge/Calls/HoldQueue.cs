using System.Buffers;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>
/// Events that wait for their leg's Call-ID: in order for each leg, and in order over all, so that the oldest makes room. Bounded by events
/// a leg, events in all, and bytes; what came by multicast may take less. Nothing is allocated in the steady state: snapshots and entries are used again.
/// </summary>
internal sealed class HoldQueue
{
    /// <summary>Bytes of all snapshots together.</summary>
    public const long MaxBytes = 160L << 20;

    /// <summary>Bytes of the snapshots that came by multicast.</summary>
    public const long MaxUntrustedOctets = 32L << 20;

    // Longer ones are rare: the pool would keep their arrays.
    private const int LongestPooled = 4_096;
    private const int MaxSpare = 4_096;
    private readonly Stack<HeldEvent> _spare = new();
    private readonly AgeList _trusted = new();
    private readonly AgeList _untrusted = new();

    /// <summary>Events waiting now.</summary>
    public int Count { get; private set; }

    /// <summary>The event that has waited longest.</summary>
    public HeldEvent? Oldest =>
        _untrusted.Oldest is { } one && (_trusted.Oldest is not { } other || one.HeldSinceMilliseconds <= other.HeldSinceMilliseconds)
            ? one
            : _trusted.Oldest;

    /// <summary>The event that must leave before another one is held; null: there is room.</summary>
    /// <param name="limit">The most events in all.</param>
    /// <param name="isTrusted">Whether the other one is.</param>
    public HeldEvent? InTheWay(int limit, bool isTrusted) =>
        !isTrusted && _untrusted.Bytes >= MaxUntrustedOctets ? _untrusted.Oldest
        : Count >= limit || _trusted.Bytes + _untrusted.Bytes >= MaxBytes ? Oldest
        : null;

    /// <summary>The trusted event that has waited longest; <see cref="HeldEvent.Newer"/> leads on.</summary>
    public HeldEvent? OldestTrusted => _trusted.Oldest;

    /// <summary>The multicast event that has waited longest.</summary>
    public HeldEvent? OldestUntrusted => _untrusted.Oldest;

    /// <summary>Takes a snapshot of an event to the end of its leg's queue.</summary>
    public void Add(Leg leg, scoped in FreeSwitchEvent e, object input, bool isTrusted, long nowMilliseconds)
    {
        HeldEvent held = _spare.TryPop(out HeldEvent? spare) ? spare : new HeldEvent();
        held.Length = EventSnapshot.Measure(e);
        held.Snapshot = held.Length <= LongestPooled ? ArrayPool<byte>.Shared.Rent(held.Length) : new byte[held.Length];
        EventSnapshot.Write(e, held.Snapshot.AsSpan(0, held.Length));
        held.Leg = leg;
        held.Input = input;
        held.IsTrusted = isTrusted;
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

        (isTrusted ? _trusted : _untrusted).Append(held);
        Count++;
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
        (held.IsTrusted ? _trusted : _untrusted).Remove(held);
        held.NextOfLeg = null;
        Count--;
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

    private sealed class AgeList
    {
        private HeldEvent? _newest;

        public HeldEvent? Oldest { get; private set; }

        public long Bytes { get; private set; }

        public void Append(HeldEvent held)
        {
            held.Older = _newest;
            if (_newest is null)
            {
                Oldest = held;
            }
            else
            {
                _newest.Newer = held;
            }

            _newest = held;
            Bytes += held.Snapshot.Length;
        }

        public void Remove(HeldEvent held)
        {
            if (held.Older is null)
            {
                Oldest = held.Newer;
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

            held.Older = null;
            held.Newer = null;
            Bytes -= held.Snapshot.Length;
        }
    }
}
