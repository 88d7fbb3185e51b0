namespace HepBridge.Calls;

/// <summary>
/// All legs by switch and Unique-ID. Live legs are ordered by last event (if there are many, to within <see cref="ReorderInterval"/>), destroyed ones
/// by their end. Bounded in legs and in bytes. Reuses forgotten legs, and allocates nothing for a known one.
/// </summary>
internal sealed class LegTable(int capacity)
{
    /// <summary>Most bytes of ids and Call-IDs that are too long to be stored in their leg.</summary>
    public const long MaxBytes = 32L << 20;

    /// <summary>Most steps from a leg to its origin.</summary>
    public const int MaxHops = 8;

    // One forged multicast datagram creates a leg, so legs with a single event may take only this fraction of the table.
    private const int UnconfirmedPart = 16;
    private const int LeastUnconfirmed = 1_024;
    private const long MaxUnconfirmedBytes = 4L << 20;
    private const int SpareLegs = 4_096;
    private const int SpareBytes = 1 << 20;
    private const int ExactLegs = 4_096;
    private readonly Stack<Leg> _spare = new();
    private int _spareBytes;
    private HashBuckets<Leg> _buckets = new();
    private AgeList<Leg> _live;
    private AgeList<Leg> _liveUnconfirmed;
    private AgeList<Leg> _destroyed;
    private AgeList<Leg> _destroyedUnconfirmed;
    private int _unconfirmedCount;
    private long _unconfirmedBytes;

    public int Capacity { get; set; } = capacity;

    /// <summary>
    /// With thousands of legs: how much later an event has to be to move its leg to the end of the list, in milliseconds. A move writes to other
    /// legs, which are unlikely to be in cache: affordable now and then, but not for each event.
    /// </summary>
    public long ReorderInterval { get; set; }

    public int Count => _buckets.Count;

    /// <summary>Bytes of ids and Call-IDs stored outside the legs.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a leg has to go before another can be added.</summary>
    public bool IsFull => Count >= Capacity || Bytes > MaxBytes || HasManyUnconfirmed;

    /// <summary>
    /// The leg to remove when room is needed: destroyed ones first, then those with a single event, so that a flood of
    /// forged legs displaces no call; then the one with the oldest last event.
    /// </summary>
    public Leg? Oldest => (HasManyUnconfirmed ? _destroyedUnconfirmed.Oldest : OldestDestroyed) ?? _liveUnconfirmed.Oldest ?? _live.Oldest;

    public Leg? OldestLive => Older(_live.Oldest, _liveUnconfirmed.Oldest);

    /// <summary>The oldest live leg with a single event.</summary>
    public Leg? OldestUnconfirmed => _liveUnconfirmed.Oldest;

    public Leg? OldestDestroyed => Older(_destroyed.Oldest, _destroyedUnconfirmed.Oldest);

    private bool HasManyUnconfirmed =>
        _unconfirmedCount >= Math.Max(Capacity / UnconfirmedPart, Math.Min(Capacity, LeastUnconfirmed)) || _unconfirmedBytes > MaxUnconfirmedBytes;

    public Leg? Find(Switch owner, ReadOnlySpan<byte> uniqueId)
    {
        int hash = (int)ByteHash.Compute(uniqueId, (ulong)owner.Index);
        for (Leg? leg = _buckets.First(hash); leg is not null; leg = HashBuckets<Leg>.Next(leg))
        {
            if (leg.Hash == hash && leg.Switch == owner && uniqueId.SequenceEqual(leg.UniqueId.Span))
            {
                return leg;
            }
        }

        return null;
    }

    /// <summary>The leg that originated this one, else a loopback channel's other half; null: neither is known. Follow it <see cref="MaxHops"/> times at most.</summary>
    public Leg? OriginOf(Leg leg) => Find(leg, leg.Originator.Span) ?? Find(leg, leg.LoopbackPeer.Span);

    /// <summary>Adds a new leg, confirmed if it comes from a trusted input and needs no second event. The caller must have made room.</summary>
    public Leg Add(Switch owner, ReadOnlySpan<byte> uniqueId, long nowMilliseconds, bool isConfirmed = true)
    {
        Leg leg = Rent();
        leg.UniqueId.Set(uniqueId);
        leg.Switch = owner;
        leg.Hash = (int)ByteHash.Compute(uniqueId, (ulong)owner.Index);
        leg.LastSeenMilliseconds = leg.ListedMilliseconds = nowMilliseconds;
        _buckets.Add(leg);
        leg.IsConfirmed = isConfirmed;
        _unconfirmedCount += isConfirmed ? 0 : 1;
        ListOf(leg).Append(leg);
        leg.NextOfSwitch = owner.FirstLeg;
        if (owner.FirstLeg is not null)
        {
            owner.FirstLeg.PreviousOfSwitch = leg;
        }

        owner.FirstLeg = leg;
        Account(leg);
        return leg;
    }

    /// <summary>Recounts a leg's bytes after it has changed.</summary>
    public void Account(Leg leg)
    {
        int bytes = leg.HeapBytes;
        Bytes += bytes - leg.CountedBytes;
        _unconfirmedBytes += leg.IsConfirmed ? 0 : bytes - leg.CountedBytes;
        leg.CountedBytes = bytes;
    }

    /// <summary>Records an event of a leg. Does not extend the linger time of a destroyed one.</summary>
    public void Touch(Leg leg, long nowMilliseconds)
    {
        if (leg.IsDestroyed)
        {
            return;
        }

        leg.LastSeenMilliseconds = nowMilliseconds;
        if (!leg.IsConfirmed)
        {
            ListOf(leg).Remove(leg);
            leg.IsConfirmed = true;
            _unconfirmedCount--;
            _unconfirmedBytes -= leg.CountedBytes;
            leg.ListedMilliseconds = nowMilliseconds;
            _live.Append(leg);
            return;
        }

        if (Count > ExactLegs && nowMilliseconds - leg.ListedMilliseconds < ReorderInterval)
        {
            return;
        }

        leg.ListedMilliseconds = nowMilliseconds;
        if (leg != _live.Newest)
        {
            _live.Remove(leg);
            _live.Append(leg);
        }
    }

    /// <summary>The leg lingers from now on.</summary>
    public void MarkDestroyed(Leg leg, long nowMilliseconds)
    {
        if (!leg.IsDestroyed)
        {
            ListOf(leg).Remove(leg);
            leg.IsDestroyed = true;
            leg.LastSeenMilliseconds = nowMilliseconds;
            ListOf(leg).Append(leg);
        }
    }

    /// <summary>Removes a leg, which must have no held events.</summary>
    public void Remove(Leg leg)
    {
        _buckets.Remove(leg);
        ListOf(leg).Remove(leg);
        if (!leg.IsConfirmed)
        {
            _unconfirmedCount--;
            _unconfirmedBytes -= leg.CountedBytes;
        }

        if (leg.PreviousOfSwitch is null)
        {
            leg.Switch.FirstLeg = leg.NextOfSwitch;
        }
        else
        {
            leg.PreviousOfSwitch.NextOfSwitch = leg.NextOfSwitch;
        }

        if (leg.NextOfSwitch is not null)
        {
            leg.NextOfSwitch.PreviousOfSwitch = leg.PreviousOfSwitch;
        }

        leg.PreviousOfSwitch = null;
        leg.NextOfSwitch = null;
        Bytes -= leg.CountedBytes;
        leg.CountedBytes = 0;
        if (_spare.Count < SpareLegs && _spareBytes < SpareBytes)
        {
            // With its arrays: a flood of long ids would otherwise be a flood of garbage.
            leg.Reset();
            _spareBytes += leg.HeapBytes;
            _spare.Push(leg);
        }
    }

    private Leg? Find(Leg leg, ReadOnlySpan<byte> uniqueId) => uniqueId.IsEmpty ? null : Find(leg.Switch, uniqueId);

    private Leg Rent()
    {
        if (!_spare.TryPop(out Leg? leg))
        {
            return new Leg();
        }

        _spareBytes -= leg.HeapBytes;
        return leg;
    }

    private static Leg? Older(Leg? one, Leg? other) =>
        one is null || (other is not null && other.LastSeenMilliseconds < one.LastSeenMilliseconds) ? other : one;

    private ref AgeList<Leg> ListOf(Leg leg)
    {
        if (leg.IsDestroyed)
        {
            return ref leg.IsConfirmed ? ref _destroyed : ref _destroyedUnconfirmed;
        }

        return ref leg.IsConfirmed ? ref _live : ref _liveUnconfirmed;
    }
}
