using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>Events that wait for their leg's Call-ID: how they come in, and the ways out.</summary>
internal sealed partial class EventPipeline
{
    /// <summary>Ages what waits and what lingers; a few times a second.</summary>
    public void Tick()
    {
        BeginBatch();
        if (_options.Correlation == Correlation.ALeg)
        {
            ReleaseByOrigin();
        }

        long holdLimit = _nowMilliseconds - (long)_options.HoldTime.TotalMilliseconds;
        while (_held.Oldest is { } held && held.HeldSinceMilliseconds <= holdLimit)
        {
            Expire(held.Leg);
        }

        long lingerLimit = _nowMilliseconds - (long)_options.LegLinger.TotalMilliseconds;
        while (_legs.OldestDestroyed is { } destroyed && destroyed.LastSeenMilliseconds <= lingerLimit)
        {
            Forget(destroyed);
        }

        long ageLimit = _nowMilliseconds - (long)_options.MaxLegAge.TotalMilliseconds;
        while (_legs.OldestLive is { } live && live.LastSeenMilliseconds <= ageLimit)
        {
            Forget(live);
        }

        Counters.Legs = _legs.Count;
        EndBatch();
    }

    /// <summary>The agent stops: what still waits is counted as lost.</summary>
    public void DropAllHeld()
    {
        while (_held.Oldest is { } held)
        {
            DropFirst(held.Leg, UncorrelatedReason.Shutdown);
        }
    }

    private void Hold(scoped in FreeSwitchEvent e, Leg leg, InputBinding input)
    {
        MakeRoomToHold(leg, input);
        int length = EventSnapshot.Measure(e);
        EventSnapshot.Write(e, _held.Add(leg, length, isPayload: false, input, input.IsTrusted, _nowMilliseconds));
        Counters.Held++;
    }

    private void MakeRoomToHold(Leg leg, InputBinding input)
    {
        if (leg.HeldCount >= _options.HoldPerLeg)
        {
            DropFirst(leg, UncorrelatedReason.HoldLegFull);
        }

        while (_held.InTheWay(_options.HoldTotal, input.IsTrusted) is { } oldest)
        {
            // A flood of made-up legs must not push out what a call waits for.
            if (_legs.OldestUnconfirmed is { } unconfirmed && unconfirmed != leg)
            {
                DropHeld(unconfirmed, UncorrelatedReason.HoldFull);
                Counters.LegsEvicted++;
                Forget(unconfirmed);
                continue;
            }

            Leg owner = oldest.Leg;
            DropFirst(owner, UncorrelatedReason.HoldFull);
            if (owner != leg)
            {
                ForgetIfEmptyOrphan(owner);
            }
        }
    }

    private void Release(Leg leg, scoped ReadOnlySpan<byte> correlationId)
    {
        while (_held.TakeFirst(leg) is { } held)
        {
            Counters.Held--;
            long reported = Counters.Reported;
            ReadOnlySpan<byte> snapshot = held.Snapshot.AsSpan(0, held.Length);
            if (held.IsPayload)
            {
                ReportReady(ReadyPayload.ReadSnapshot(snapshot), leg, correlationId, (InputBinding)held.Input);
            }
            else
            {
                FreeSwitchEvent e = EventSnapshot.Read(snapshot, _heldParser);
                InputBinding input = (InputBinding)held.Input;
                Report(e, leg.Switch, leg, correlationId, input, input.Plan.Match(e));
            }

            Counters.ReportedAfterHold += Counters.Reported - reported;
            _held.Return(held);
        }
    }

    // The leg has ended: what still waits goes by what is known now, or not at all.
    private void ReleaseOrDrop(Leg leg)
    {
        switch (_correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                Release(leg, correlationId);
                break;
            case CorrelationState.NotSip:
                DropHeld(leg, UncorrelatedReason.NotSip);
                break;
            case CorrelationState.NeverCame:
                DropHeld(leg, leg.IsDescribed ? UncorrelatedReason.NeverCame : UncorrelatedReason.OlderThanAgent);
                break;
        }
    }

    // With "aleg" it may have waited for its origin's Call-ID and know its own.
    private void Expire(Leg leg)
    {
        if (_correlator.ResolveOwn(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }
        else
        {
            DropFirst(leg, leg.IsDescribed ? UncorrelatedReason.HoldExpired : UncorrelatedReason.OlderThanAgent);
            ForgetIfEmptyOrphan(leg);
        }
    }

    // With "aleg" a leg may wait for another one's Call-ID: looked at again from time to time.
    private void ReleaseByOrigin()
    {
        ReleaseByOrigin(_held.OldestTrusted);
        ReleaseByOrigin(_held.OldestUntrusted);
    }

    private void ReleaseByOrigin(HeldEvent? held)
    {
        while (held is not null)
        {
            Leg leg = held.Leg;
            HeldEvent? next = held.Newer;
            if (held == leg.FirstHeld && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
            {
                while (next is not null && next.Leg == leg)
                {
                    next = next.Newer;
                }

                Release(leg, correlationId);
            }

            held = next;
        }
    }

    private void DropFirst(Leg leg, UncorrelatedReason reason)
    {
        if (_held.TakeFirst(leg) is { } held)
        {
            Counters.Held--;
            Counters.AddUncorrelated(reason);
            _held.Return(held);
        }
    }

    private void DropHeld(Leg leg, UncorrelatedReason reason)
    {
        while (leg.HeldCount > 0)
        {
            DropFirst(leg, reason);
        }
    }
}
