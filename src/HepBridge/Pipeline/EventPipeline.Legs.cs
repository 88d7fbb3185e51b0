using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Pipeline;

/// <summary>Switches and legs: what an event teaches of them, and when they are forgotten.</summary>
internal sealed partial class EventPipeline
{
    /// <summary>A switch was restarted: the calls that it had under its earlier Core-UUID are gone.</summary>
    public void ForgetSwitch(scoped ReadOnlySpan<byte> coreUuid)
    {
        if (!coreUuid.IsEmpty && _switches.Find(coreUuid) is { } earlier)
        {
            ForgetSwitch(earlier);
        }
    }

    private Leg? FindLeg(scoped in FreeSwitchEvent e, Switch owner)
    {
        Span<byte> scratch = stackalloc byte[EventLimits.MaxId];
        return _legs.Find(owner, e.Get(KnownHeader.UniqueId).DecodeId(scratch));
    }

    // Only a leg that is known: a voicemail's UUID is that of a call which may be long over.
    private Leg? FindNamedLeg(scoped in FreeSwitchEvent e, Switch owner)
    {
        if (e.Kind != EventKind.Custom || !e.Get(KnownHeader.UniqueId).IsEmpty)
        {
            return null;
        }

        HeaderValue id = NamedChannels.Find(e);
        return id.IsEmpty ? null : _legs.Find(owner, id.Decode(stackalloc byte[EventLimits.MaxId]));
    }

    // A log line names no switch, and an event that somebody made by hand may not: they are of the one that the event socket speaks with.
    private Switch? FindOwner(scoped in FreeSwitchEvent e, InputBinding input)
    {
        bool isNameless = e.Kind == EventKind.Log || (input.IsSingleSwitch && e.Get(KnownHeader.CoreUuid).IsEmpty);
        return isNameless ? input.Switch : _switches.Find(e, _nowMilliseconds);
    }

    private Leg? Observe(scoped in FreeSwitchEvent e, Switch owner, bool isTrusted)
    {
        if (_legs.Bytes > LegTable.MaxBytes)
        {
            MakeRoom();
        }

        HeaderValue id = e.Get(e.Kind == EventKind.Log ? KnownHeader.UserData : KnownHeader.UniqueId);
        if (id.IsEmpty)
        {
            return null;
        }

        Span<byte> scratch = stackalloc byte[EventLimits.MaxId];
        ReadOnlySpan<byte> uniqueId = id.DecodeId(scratch);
        Leg? leg = _legs.Find(owner, uniqueId);
        if (leg is { IsDestroyed: true } && e.Kind == EventKind.ChannelCreate)
        {
            // A dialplan may give a new channel the UUID of one that has just ended (origination_uuid).
            Forget(leg);
            leg = null;
        }

        if (leg is null)
        {
            // States of a channel come after its end as well: they make no leg.
            if (e.Kind is EventKind.Other or EventKind.ChannelState or EventKind.ChannelCallState or EventKind.PresenceIn or EventKind.BackgroundJob)
            {
                return null;
            }

            MakeRoom();
            leg = _legs.Add(owner, uniqueId, _nowMilliseconds, isTrusted);
            Counters.LegsSeen++;
            Adopt(leg);
        }
        else if (e.Kind == EventKind.ChannelData && leg.IsDestroyed)
        {
            return leg;
        }
        else
        {
            _legs.Touch(leg, _nowMilliseconds);
        }

        _observer.Observe(leg, e);
        // With "aleg" also if nothing waits: the origin is fixed while it is still known.
        if ((leg.HeldCount > 0 || _options.Correlation == Correlation.ALeg)
            && _correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId) == CorrelationState.Known)
        {
            Release(leg, correlationId);
        }

        _legs.Account(leg);
        return leg;
    }

    private void MakeRoom()
    {
        while (_legs.IsFull && _legs.Oldest is { } oldest)
        {
            Counters.LegsEvicted++;
            Forget(oldest);
        }
    }

    private void ForgetSwitch(Switch gone)
    {
        _switches.Remove(gone);
        ForgetLegs(gone);
    }

    private void ForgetLegs(Switch gone)
    {
        while (gone.FirstLeg is { } leg)
        {
            Forget(leg);
        }
    }

    private void OnSwitchEvicted(Switch evicted)
    {
        Counters.SwitchesEvicted++;
        ForgetLegs(evicted);
    }

    private void Forget(Leg leg)
    {
        DropHeld(leg, UncorrelatedReason.LegForgotten);
        _orphans -= leg.Switch == _nobody ? 1 : 0;
        _legs.Remove(leg);
    }

    private void ObserveHeartbeat(scoped in FreeSwitchEvent e, Switch owner)
    {
        owner.LastHeartbeatMilliseconds = _nowMilliseconds;
        if (!e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp))
        {
            return;
        }

        owner.ClockDifferenceMicroseconds = stamp - _nowMicroseconds;
        bool isOff = Math.Abs(owner.ClockDifferenceMicroseconds) > ClockWarningMicroseconds;
        if (isOff && (owner.ClockWarnedMilliseconds is not { } warned || _nowMilliseconds - warned > ClockWarningInterval))
        {
            owner.ClockWarnedMilliseconds = _nowMilliseconds;
            Log.SwitchClockOff(_logger, owner.Name, owner.ClockDifferenceMicroseconds / 1_000_000.0);
        }
    }
}
