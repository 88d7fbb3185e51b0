using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>
/// Records in the dialog table which legs belong together. A leg's neighbors are the SIP leg that originated it, also
/// through loopback channels, and every leg it was bridged to: after a transfer, a pickup or a queue these differ.
/// </summary>
internal sealed class LegRelations(LegTable legs, DialogTable dialogs)
{
    /// <summary>Updates relations from an event, after its leg was updated.</summary>
    public void Observe(Leg leg, scoped in FreeSwitchEvent e, long nowMilliseconds)
    {
        if (leg.Protocol == LegProtocol.Other || e.Kind is EventKind.RecvRtcp or EventKind.SendRtcp or EventKind.Log)
        {
            return;
        }

        Attach(leg, nowMilliseconds);
        if (!leg.IsOriginJoined && !leg.Originator.IsEmpty)
        {
            JoinOrigin(leg);
        }

        switch (e.Kind)
        {
            case EventKind.ChannelBridge:
                JoinPartner(leg, e.Get(KnownHeader.BridgeAUniqueId));
                JoinPartner(leg, e.Get(KnownHeader.BridgeBUniqueId));
                break;
            case EventKind.CallUpdate or EventKind.ChannelData:
                JoinPartner(leg, e.Get(KnownHeader.OtherLegUniqueId));
                JoinPartner(leg, e.Get(KnownHeader.VariableSignalBond));
                break;
            case EventKind.ChannelHangupComplete:
                JoinPartner(leg, e.Get(KnownHeader.OtherLegUniqueId));
                if (leg.Dialog is { } dialog)
                {
                    dialog.HasEnded = true;
                    dialogs.Changed(dialog);
                }

                break;
        }
    }

    /// <summary>The leg has ended: its Call-ID will not become known any more.</summary>
    public void End(Leg leg)
    {
        SetNameless(leg, false);
        StopWaiting(leg);
    }

    public void Forget(Leg leg, long nowMilliseconds)
    {
        End(leg);
        Detach(leg, nowMilliseconds);
    }

    private void Attach(Leg leg, long nowMilliseconds)
    {
        ReadOnlySpan<byte> callId = leg.CallId.Span;
        SetNameless(leg, callId.IsEmpty && leg.Protocol == LegProtocol.Sip && !leg.IsDestroyed);
        if (callId.IsEmpty || (leg.Dialog is { } current && callId.SequenceEqual(current.CallId.Span)))
        {
            return;
        }

        // The INVITE's Call-ID was a different one.
        Detach(leg, nowMilliseconds);
        leg.Dialog = dialogs.FindOrAdd(callId, nowMilliseconds);
        leg.IsOriginJoined = false;
        dialogs.AddLeg(leg.Dialog);
    }

    private void Detach(Leg leg, long nowMilliseconds)
    {
        if (leg.Dialog is { } dialog)
        {
            leg.Dialog = null;
            dialogs.RemoveLeg(dialog, nowMilliseconds);
        }
    }

    private void JoinOrigin(Leg leg)
    {
        if (NearestSip(leg)?.Dialog is not { } origin)
        {
            return;
        }

        if (leg.Dialog is { } own)
        {
            leg.IsOriginJoined = true;
            dialogs.Link(own, origin);
            StopWaiting(leg);
        }
        else if (leg.IsNameless && leg.AwaitedBy is null)
        {
            leg.AwaitedBy = origin;
            origin.Nameless++;
        }
    }

    private void JoinPartner(Leg leg, HeaderValue uniqueId)
    {
        if (uniqueId.IsEmpty || leg.Dialog is not { } own)
        {
            return;
        }

        Span<byte> scratch = stackalloc byte[EventLimits.MaxId];
        if (legs.Find(leg.Switch, uniqueId.DecodeId(scratch)) is { Dialog: { } other } && other != own)
        {
            dialogs.Link(own, other);
        }
    }

    private Leg? NearestSip(Leg leg)
    {
        Leg? current = leg;
        Leg? before = null;
        for (int hop = 0; hop < LegTable.MaxHops && current is not null; hop++)
        {
            Leg? next = legs.OriginOf(current);
            if (next == before || next == leg)
            {
                return null;
            }

            if (next is { Protocol: LegProtocol.Sip })
            {
                return next;
            }

            (before, current) = (current, next);
        }

        return null;
    }

    private void SetNameless(Leg leg, bool isNameless)
    {
        if (leg.IsNameless != isNameless)
        {
            leg.IsNameless = isNameless;
            dialogs.NamelessLegs += isNameless ? 1 : -1;
        }
    }

    private void StopWaiting(Leg leg)
    {
        if (leg.AwaitedBy is { } origin)
        {
            leg.AwaitedBy = null;
            if (origin.Nameless > 0)
            {
                origin.Nameless--;
            }

            dialogs.Changed(origin);
        }
    }
}
