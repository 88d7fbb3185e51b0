using HepBridge.Diagnostics;

namespace HepBridge.Calls;

/// <summary>
/// Adds legs to the table and forgets them, with the events held for them: to make room, with their switch, or some time after their end. A leg
/// referred to before its first event belongs to <see cref="Nobody"/>; its held events move to the real leg once it appears.
/// </summary>
internal sealed class LegLifetimes<T>(LegTable legs, LegHold<T> held, PipelineCounters counters, BatchClock clock)
{
    private int _orphans;

    /// <summary>The owner of legs whose switch is unknown.</summary>
    public Switch Nobody { get; } = new([], -1);

    /// <summary>Which legs belong together; null: not asked for.</summary>
    public LegRelations? Relations { get; set; }

    /// <summary>Adds a switch's leg at its first event.</summary>
    public Leg Add(Switch owner, ReadOnlySpan<byte> uniqueId, bool isTrusted)
    {
        MakeRoom();
        Leg leg = legs.Add(owner, uniqueId, clock.Milliseconds, isTrusted);
        counters.LegsSeen++;
        if (FindOrphan(uniqueId) is { } orphan)
        {
            LegHold<T>.Move(orphan, leg);
            Forget(orphan);
        }

        return leg;
    }

    public Leg AddOrphan(ReadOnlySpan<byte> uniqueId, bool isTrusted)
    {
        MakeRoom();
        _orphans++;
        return legs.Add(Nobody, uniqueId, clock.Milliseconds, isTrusted);
    }

    /// <summary>The leg with this UUID whose switch is unknown, if any.</summary>
    public Leg? FindOrphan(ReadOnlySpan<byte> uniqueId) => _orphans > 0 ? legs.Find(Nobody, uniqueId) : null;

    /// <summary>Forgets the oldest legs if the table is full.</summary>
    public void MakeRoom()
    {
        while (legs.IsFull && legs.Oldest is { } oldest)
        {
            Evict(oldest);
        }
    }

    /// <summary>Forgets a leg that makes room for others.</summary>
    public void Evict(Leg leg)
    {
        counters.LegsEvicted++;
        Forget(leg);
    }

    public void Forget(Leg leg)
    {
        held.Drop(leg, UncorrelatedReason.LegForgotten);
        Relations?.Forget(leg, clock.Milliseconds);
        _orphans -= leg.Switch == Nobody ? 1 : 0;
        legs.Remove(leg);
    }

    public void Forget(Switch gone)
    {
        while (gone.FirstLeg is { } leg)
        {
            Forget(leg);
        }
    }

    /// <summary>An event held for the leg was dropped: forgets a leg without a switch that has no other.</summary>
    public void ForgetIfEmptyOrphan(Leg leg)
    {
        if (leg.Held.Count == 0 && leg.Switch == Nobody)
        {
            Forget(leg);
        }
    }

    /// <summary>Forgets legs that have lingered after their end, or were last seen too long ago.</summary>
    public void Expire(TimeSpan linger, TimeSpan maxAge)
    {
        long lingerLimit = clock.Milliseconds - (long)linger.TotalMilliseconds;
        while (legs.OldestDestroyed is { } destroyed && destroyed.LastSeenMilliseconds <= lingerLimit)
        {
            Forget(destroyed);
        }

        long ageLimit = clock.Milliseconds - (long)maxAge.TotalMilliseconds;
        while (legs.OldestLive is { } live && live.LastSeenMilliseconds <= ageLimit)
        {
            Forget(live);
        }

        counters.Legs = legs.Count;
    }
}
