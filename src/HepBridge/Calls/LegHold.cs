using HepBridge.Diagnostics;

namespace HepBridge.Calls;

/// <summary>Receives a leg's held snapshots once its Call-ID is known.</summary>
/// <param name="leg">The leg.</param>
/// <param name="correlationId">The correlation id for its packets.</param>
/// <param name="snapshot">The held event.</param>
/// <param name="kept">The data stored with it.</param>
internal delegate void HeldReceiver<T>(Leg leg, scoped ReadOnlySpan<byte> correlationId, ReadOnlySpan<byte> snapshot, in T kept);

/// <summary>Holds events of legs whose Call-ID is pending: passes them on once it is known, or drops them, counted with the reason.</summary>
/// <param name="correlator">Knows the Call-IDs.</param>
/// <param name="counters">Counts what is held, passed on and dropped.</param>
/// <param name="receiver">Receives the events of a leg whose Call-ID is known.</param>
/// <param name="left">Called with what was kept of each event that leaves, passed on or dropped; null: nobody asks.</param>
/// <typeparam name="T">Data stored with each held snapshot.</typeparam>
internal sealed class LegHold<T>(Correlator correlator, PipelineCounters counters, HeldReceiver<T> receiver, Action<T>? left)
{
    private readonly HoldQueue<T> _queue = new();

    /// <summary>The event held longest.</summary>
    public HeldEvent? Oldest => _queue.Oldest;

    /// <inheritdoc cref="HoldQueue{T}.InTheWay"/>
    public HeldEvent? InTheWay(int limit, bool isTrusted) => _queue.InTheWay(limit, isTrusted);

    /// <inheritdoc cref="HoldQueue{T}.Add"/>
    public Span<byte> Add(Leg leg, int length, in T kept, bool isTrusted, long nowMilliseconds)
    {
        counters.Held++;
        return _queue.Add(leg, length, kept, isTrusted, nowMilliseconds);
    }

    /// <summary>Passes on all events of a leg.</summary>
    public void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId)
    {
        while (_queue.TakeFirst(leg) is { } held)
        {
            Release(leg, correlationId, held);
        }
    }

    /// <summary>A leg's first event was held long enough: passes on what the leg can name now, else drops that event, and then returns true.</summary>
    public bool Expire(Leg leg)
    {
        // With "aleg" it may have waited for its origin's Call-ID although it knows its own.
        if (correlator.ResolveOwn(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
            return false;
        }

        if (!leg.SpareCallId.IsEmpty && _queue.TakeFirst(leg) is { } held)
        {
            Release(leg, leg.SpareCallId.Span, held);
            return false;
        }

        DropFirst(leg, leg.IsDescribed ? UncorrelatedReason.HoldExpired : UncorrelatedReason.OlderThanAgent);
        return true;
    }

    /// <summary>With "aleg" a leg may wait for another leg's Call-ID, so check again now and then.</summary>
    public void ReleaseByOrigin()
    {
        ReleaseByOrigin(_queue.OldestTrusted);
        ReleaseByOrigin(_queue.OldestUntrusted);
    }

    /// <summary>Drops a leg's first event.</summary>
    public void DropFirst(Leg leg, UncorrelatedReason reason)
    {
        if (_queue.TakeFirst(leg) is { } held)
        {
            counters.Held--;
            counters.AddUncorrelated(reason);
            left?.Invoke(held.Kept);
            _queue.Return(held);
        }
    }

    /// <summary>Drops all events of a leg.</summary>
    public void Drop(Leg leg, UncorrelatedReason reason)
    {
        while (leg.HeldCount > 0)
        {
            DropFirst(leg, reason);
        }
    }

    private void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId, HeldEvent<T> held)
    {
        counters.Held--;
        long reported = counters.Reported;
        receiver(leg, correlationId, held.Snapshot.AsSpan(0, held.Length), held.Kept);
        counters.ReportedAfterHold += counters.Reported - reported;
        left?.Invoke(held.Kept);
        _queue.Return(held);
    }

    private void ReleaseByOrigin(HeldEvent? held)
    {
        while (held is not null)
        {
            Leg leg = held.Leg;
            HeldEvent? next = AgeList<HeldEvent>.NewerThan(held);
            if (held == leg.FirstHeld && correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
            {
                while (next is not null && next.Leg == leg)
                {
                    next = AgeList<HeldEvent>.NewerThan(next);
                }

                Release(leg, correlationId);
            }

            held = next;
        }
    }
}
