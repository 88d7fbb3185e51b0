using HepBridge.Diagnostics;

namespace HepBridge.Calls;

/// <summary>Channels of other programs than FreeSWITCH, which an input names and describes itself: a Janus handle.</summary>
internal sealed partial class CallTracker<T>
{
    /// <summary>A channel's Call-ID has become known, or it has another one from now on: what it holds leaves under it.</summary>
    public void Learn(Leg leg, ReadOnlySpan<byte> callId)
    {
        if (!leg.IsDestroyed && !leg.CallId.Span.SequenceEqual(callId))
        {
            leg.CallId.Set(callId);
            _legs.Account(leg);
        }

        Release(leg, callId);
    }

    /// <summary>The Call-ID for what a channel holds if none of its own comes.</summary>
    public void LearnSpare(Leg leg, ReadOnlySpan<byte> callId)
    {
        if (!leg.SpareCallId.Span.SequenceEqual(callId))
        {
            leg.SpareCallId.Set(callId);
            _legs.Account(leg);
        }
    }

    /// <summary>A channel begins its next call: what comes now is held for that call's Call-ID.</summary>
    public void ForgetCallId(Leg leg)
    {
        leg.CallId.Clear();
        _legs.Account(leg);
    }

    /// <summary>Whether a channel speaks SIP. What one without SIP holds leaves under its own name, or is dropped.</summary>
    public void SetProtocol(Leg leg, LegProtocol protocol)
    {
        leg.Protocol = protocol;
        leg.IsDescribed = true;
        switch (_correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                Release(leg, correlationId);
                break;
            case CorrelationState.NotSip:
                DropHeld(leg, UncorrelatedReason.NotSip);
                break;
        }
    }
}
