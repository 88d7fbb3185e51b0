namespace HepBridge.Calls;

/// <summary>
/// Events held until their leg's Call-ID is known: in order per leg, and in order overall so that the oldest makes room. Bounded in events
/// per leg, events in total, and bytes, with lower bounds for untrusted inputs. Reuses snapshots and entries, so it allocates nothing in
/// the steady state.
/// </summary>
/// <typeparam name="T">Data stored with each event.</typeparam>
internal sealed class HoldQueue<T>
{
    /// <summary>Total size of all snapshots.</summary>
    public const long MaxBytes = 160L << 20;

    /// <summary>Total size of the snapshots from untrusted inputs.</summary>
    public const long MaxUntrustedBytes = 8L << 20;

    private const int MaxSpare = 4_096;
    private readonly Stack<HeldEvent<T>> _spare = new();
    private readonly SnapshotPool _snapshots = new();
    private AgeList<HeldEvent> _trusted;
    private AgeList<HeldEvent> _untrusted;
    private long _bytes;
    private long _untrustedBytes;

    /// <summary>Events currently held.</summary>
    public int Count { get; private set; }

    /// <summary>The event held longest.</summary>
    public HeldEvent? Oldest =>
        _untrusted.Oldest is { } one && (_trusted.Oldest is not { } other || one.HeldSinceMilliseconds <= other.HeldSinceMilliseconds)
            ? one
            : _trusted.Oldest;

    /// <summary>The event that has to go before another one can be held; null if there is room.</summary>
    /// <param name="limit">Most events in total.</param>
    /// <param name="isTrusted">Whether the new event is from a trusted input.</param>
    public HeldEvent? InTheWay(int limit, bool isTrusted) =>
        !isTrusted && _untrustedBytes >= MaxUntrustedBytes ? _untrusted.Oldest
        : Count >= limit || _bytes >= MaxBytes ? Oldest
        : null;

    /// <summary>The trusted event held longest.</summary>
    public HeldEvent? OldestTrusted => _trusted.Oldest;

    /// <summary>The untrusted event held longest.</summary>
    public HeldEvent? OldestUntrusted => _untrusted.Oldest;

    /// <summary>Appends to a leg's queue, and returns the buffer for the snapshot.</summary>
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

    /// <summary>Moves one leg's held events to another that has none.</summary>
    public static void Move(Leg from, Leg to)
    {
        for (HeldEvent? held = from.FirstHeld; held is not null; held = held.NextOfLeg)
        {
            held.Leg = to;
        }

        (to.FirstHeld, to.LastHeld, to.HeldCount) = (from.FirstHeld, from.LastHeld, from.HeldCount);
        (from.FirstHeld, from.LastHeld, from.HeldCount) = (null, null, 0);
    }

    /// <summary>Takes the leg's first event out of the queue; call <see cref="Return"/> after use.</summary>
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

    /// <summary>Returns an event's memory.</summary>
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
