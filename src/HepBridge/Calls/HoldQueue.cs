namespace HepBridge.Calls;

/// <summary>
/// Events that wait for their leg's Call-ID: in order for each leg, and in order over all, so that the oldest makes room. Bounded by events
/// a leg, events in all, and bytes; what came by untrusted inputs may take less. Nothing is allocated in the steady state: snapshots and entries are used again.
/// </summary>
/// <typeparam name="T">Data stored with each.</typeparam>
internal sealed class HoldQueue<T>
{
    /// <summary>Bytes of all snapshots together.</summary>
    public const long MaxBytes = 160L << 20;

    /// <summary>Bytes of the snapshots that came by untrusted inputs.</summary>
    public const long MaxUntrustedBytes = 8L << 20;

    private const int MaxSpare = 4_096;
    private readonly Stack<HeldEvent<T>> _spare = new();
    private readonly SnapshotPool _snapshots = new();
    private AgeList<HeldEvent> _trusted;
    private AgeList<HeldEvent> _untrusted;
    private long _bytes;
    private long _untrustedBytes;

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
        !isTrusted && _untrustedBytes >= MaxUntrustedBytes ? _untrusted.Oldest
        : Count >= limit || _bytes >= MaxBytes ? Oldest
        : null;

    /// <summary>The trusted event that has waited longest; <see cref="AgeList{T}.NewerThan"/> leads on.</summary>
    public HeldEvent? OldestTrusted => _trusted.Oldest;

    /// <summary>The untrusted event that has waited longest.</summary>
    public HeldEvent? OldestUntrusted => _untrusted.Oldest;

    /// <summary>Adds to the end of a leg's queue, and gives the room for the snapshot.</summary>
    public Span<byte> Add(Leg leg, int length, in T kept, bool isTrusted, long nowMilliseconds)
    {
        HeldEvent<T> held = _spare.TryPop(out HeldEvent<T>? spare) ? spare : new HeldEvent<T>();
        held.Length = length;
        held.Snapshot = _snapshots.Rent(length);
        held.Leg = leg;
        held.Kept = kept;
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

        ListOf(held).Append(held);
        Account(held, 1);
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
    public HeldEvent<T>? TakeFirst(Leg leg)
    {
        HeldEvent<T>? held = (HeldEvent<T>?)leg.FirstHeld;
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
        ListOf(held).Remove(held);
        Account(held, -1);
        held.NextOfLeg = null;
        return held;
    }

    /// <summary>Gives an event's memory back.</summary>
    public void Return(HeldEvent<T> held)
    {
        _snapshots.Return(held.Snapshot);
        held.Snapshot = [];
        held.Leg = null!;
        held.Kept = default!;
        if (_spare.Count < MaxSpare)
        {
            _spare.Push(held);
        }
    }

    private ref AgeList<HeldEvent> ListOf(HeldEvent held) => ref held.IsTrusted ? ref _trusted : ref _untrusted;

    private void Account(HeldEvent held, int sign)
    {
        Count += sign;
        _bytes += sign * held.Snapshot.Length;
        _untrustedBytes += held.IsTrusted ? 0 : sign * held.Snapshot.Length;
    }
}
