using HepBridge.Diagnostics;

namespace HepBridge.Calls;

/// <summary>Learns from inputs about channels of programs other than FreeSWITCH, which name and describe them: a Janus handle.</summary>
internal sealed class LegFacts<T>(LegTable legs, Correlator correlator, LegHold<T> held)
{
    /// <summary>Sets or changes a channel's Call-ID; held payloads are sent with it.</summary>
    public void LearnCallId(Leg leg, ReadOnlySpan<byte> callId)
    {
        if (!leg.IsDestroyed && !leg.CallId.Span.SequenceEqual(callId))
        {
            leg.CallId.Set(callId);
            legs.Account(leg);
        }

        held.Release(leg, callId);
    }

    /// <summary>The Call-ID for a channel's held payloads if it gets none of its own.</summary>
    public void LearnSpareCallId(Leg leg, ReadOnlySpan<byte> callId)
    {
        if (!leg.SpareCallId.Span.SequenceEqual(callId))
        {
            leg.SpareCallId.Set(callId);
            legs.Account(leg);
        }
    }

    /// <summary>A channel starts its next call: from now on, payloads are held for that call's Call-ID.</summary>
    public void ForgetCallId(Leg leg)
    {
        leg.CallId.Clear();
        legs.Account(leg);
    }

    /// <summary>Whether a channel uses SIP. Held payloads of one that does not are sent with its own name, or dropped.</summary>
    public void SetProtocol(Leg leg, LegProtocol protocol)
    {
        leg.Protocol = protocol;
        leg.IsDescribed = true;
        switch (correlator.Resolve(leg, out ReadOnlySpan<byte> correlationId))
        {
            case CorrelationState.Known:
                held.Release(leg, correlationId);
                break;
            case CorrelationState.NotSip:
                held.Drop(leg, UncorrelatedReason.NotSip);
                break;
        }
    }
}
