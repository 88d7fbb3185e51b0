using HepBridge.Diagnostics;

namespace HepBridge.Calls;

/// <summary>Channels of programs other than FreeSWITCH, named and described by their input: a Janus handle.</summary>
internal sealed partial class CallTracker<T>
{
    /// <summary>Sets or changes a channel's Call-ID; held payloads are sent with it.</summary>
    public void Learn(Leg leg, ReadOnlySpan<byte> callId)
    {
        if (!leg.IsDestroyed && !leg.CallId.Span.SequenceEqual(callId))
        {
            leg.CallId.Set(callId);
            _legs.Account(leg);
        }

        Release(leg, callId);
    }

    /// <summary>The Call-ID for a channel's held payloads if it gets none of its own.</summary>
    public void LearnSpare(Leg leg, ReadOnlySpan<byte> callId)
    {
        if (!leg.SpareCallId.Span.SequenceEqual(callId))
        {
            leg.SpareCallId.Set(callId);
            _legs.Account(leg);
        }
    }

    /// <summary>A channel starts its next call: from now on, payloads are held for that call's Call-ID.</summary>
    public void ForgetCallId(Leg leg)
    {
        leg.CallId.Clear();
        _legs.Account(leg);
    }

    /// <summary>Whether a channel uses SIP. Held payloads of one that does not are sent with its own name, or dropped.</summary>
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
