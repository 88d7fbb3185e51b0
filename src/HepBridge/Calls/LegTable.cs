namespace HepBridge.Calls;

/// <summary>
/// All legs by switch and Unique-ID, in the order of their last event (with many of them to <see cref="ReorderInterval"/>), and those destroyed in the order of their end.
/// Bounded; legs that are forgotten are used again. Nothing is allocated for a leg that is known.
/// </summary>
internal sealed class LegTable(int capacity)
{
    private const int SpareLegs = 4_096;
    private const int ExactLegs = 4_096;
    private readonly Stack<Leg> _spare = new();
    private Leg?[] _buckets = new Leg?[1_024];
    private LegList _live;
    private LegList _destroyed;

    /// <summary>Most legs at once.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>
    /// With thousands of legs: how much later an event must be to change a leg's place, in milliseconds. A new place is written into other
    /// legs, which with so many no processor has at hand: that is worth it now and then, not for each event.
    /// </summary>
    public long ReorderInterval { get; set; }

    /// <summary>Legs known now.</summary>
    public int Count { get; private set; }

    /// <summary>The leg whose last event is the longest ago, destroyed ones first; null if there is none.</summary>
    public Leg? Oldest => _destroyed.Oldest ?? _live.Oldest;

    /// <summary>The live leg whose last event is the longest ago.</summary>
    public Leg? OldestLive => _live.Oldest;

    /// <summary>The leg that was destroyed first.</summary>
    public Leg? OldestDestroyed => _destroyed.Oldest;

    public Leg? Find(Switch owner, ReadOnlySpan<byte> uniqueId)
    {
        int hash = (int)ByteHash.Compute(uniqueId, (ulong)owner.Index);
        for (Leg? leg = _buckets[hash & (_buckets.Length - 1)]; leg is not null; leg = leg.NextInBucket)
        {
            if (leg.Hash == hash && leg.Switch == owner && uniqueId.SequenceEqual(leg.UniqueId.Span))
            {
                return leg;
            }
        }

        return null;
    }

    /// <summary>Adds a leg that is not there. The caller has seen to it that there is room.</summary>
    public Leg Add(Switch owner, ReadOnlySpan<byte> uniqueId, long nowMilliseconds)
    {
        if (Count >= _buckets.Length)
        {
            Grow();
        }

        Leg leg = _spare.TryPop(out Leg? spare) ? spare : new Leg();
        leg.UniqueId.Set(uniqueId);
        leg.Switch = owner;
        leg.Hash = (int)ByteHash.Compute(uniqueId, (ulong)owner.Index);
        leg.LastSeenMilliseconds = leg.ListedMilliseconds = nowMilliseconds;
        ref Leg? bucket = ref _buckets[leg.Hash & (_buckets.Length - 1)];
        leg.NextInBucket = bucket;
        bucket = leg;
        _live.Append(leg);
        Count++;
        return leg;
    }

    /// <summary>Notes that an event of a leg has come. One that was destroyed lingers no longer for it.</summary>
    public void Touch(Leg leg, long nowMilliseconds)
    {
        if (leg.IsDestroyed)
        {
            return;
        }

        leg.LastSeenMilliseconds = nowMilliseconds;
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

    /// <summary>From now on the leg lingers.</summary>
    public void MarkDestroyed(Leg leg, long nowMilliseconds)
    {
        if (!leg.IsDestroyed)
        {
            _live.Remove(leg);
            leg.IsDestroyed = true;
            leg.LastSeenMilliseconds = nowMilliseconds;
            _destroyed.Append(leg);
        }
    }

    /// <summary>Forgets a leg; what it held must be gone.</summary>
    public void Remove(Leg leg)
    {
        ref Leg? link = ref _buckets[leg.Hash & (_buckets.Length - 1)];
        if (link == leg)
        {
            link = leg.NextInBucket;
        }
        else
        {
            Leg before = link!;
            while (before.NextInBucket != leg)
            {
                before = before.NextInBucket!;
            }

            before.NextInBucket = leg.NextInBucket;
        }

        if (leg.IsDestroyed)
        {
            _destroyed.Remove(leg);
        }
        else
        {
            _live.Remove(leg);
        }

        leg.NextInBucket = null;
        Count--;
        if (_spare.Count < SpareLegs)
        {
            leg.Reset();
            _spare.Push(leg);
        }
    }

    /// <summary>The legs of one switch (allocates).</summary>
    public IReadOnlyList<Leg> Of(Switch owner)
    {
        List<Leg> found = new();
        foreach (Leg? first in (Leg?[])[_live.Oldest, _destroyed.Oldest])
        {
            for (Leg? leg = first; leg is not null; leg = leg.Newer)
            {
                if (leg.Switch == owner)
                {
                    found.Add(leg);
                }
            }
        }

        return found;
    }

    private void Grow()
    {
        Leg?[] larger = new Leg?[_buckets.Length * 2];
        foreach (Leg? first in _buckets)
        {
            for (Leg? leg = first; leg is not null;)
            {
                Leg? next = leg.NextInBucket;
                ref Leg? bucket = ref larger[leg.Hash & (larger.Length - 1)];
                leg.NextInBucket = bucket;
                bucket = leg;
                leg = next;
            }
        }

        _buckets = larger;
    }

    private struct LegList
    {
        public Leg? Oldest { get; private set; }

        public Leg? Newest { get; private set; }

        public void Append(Leg leg)
        {
            leg.Newer = null;
            leg.Older = Newest;
            if (Newest is null)
            {
                Oldest = leg;
            }
            else
            {
                Newest.Newer = leg;
            }

            Newest = leg;
        }

        public void Remove(Leg leg)
        {
            if (leg.Older is null)
            {
                Oldest = leg.Newer;
            }
            else
            {
                leg.Older.Newer = leg.Newer;
            }

            if (leg.Newer is null)
            {
                Newest = leg.Older;
            }
            else
            {
                leg.Newer.Older = leg.Older;
            }

            leg.Older = null;
            leg.Newer = null;
        }
    }
}
