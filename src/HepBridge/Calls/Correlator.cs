using HepBridge.Configuration;

namespace HepBridge.Calls;

/// <summary>Whether a leg's correlation id is known.</summary>
internal enum CorrelationState
{
    Known,

    /// <summary>It may still arrive.</summary>
    Pending,

    /// <summary>The leg has none and will not get one: it does not use SIP.</summary>
    NotSip,

    /// <summary>The leg ended without one.</summary>
    NeverCame,
}

/// <summary>The only place that decides which Call-ID a leg's packets carry.</summary>
internal sealed class Correlator(LegTable legs, CallOptions options)
{
    public CallOptions Options { get; set; } = options;

    /// <summary>The leg's correlation id, and whether it is known.</summary>
    public CorrelationState Resolve(Leg leg, out ReadOnlySpan<byte> id)
    {
        if (Options.Correlation == Correlation.ALeg)
        {
            CorrelationState origin = ResolveOrigin(leg, out id);
            if (origin == CorrelationState.Known || (origin == CorrelationState.Pending && !leg.IsDestroyed))
            {
                return origin;
            }
        }

        CorrelationState own = ResolveOwn(leg, out id);
        if (Options.Correlation == Correlation.Both && own != CorrelationState.Pending)
        {
            CorrelationState origin = ResolveOrigin(leg, out ReadOnlySpan<byte> originId);
            if (origin == CorrelationState.Pending && !leg.IsDestroyed)
            {
                return origin;
            }

            if (origin == CorrelationState.Known && own != CorrelationState.Known)
            {
                own = origin;
                id = originId;
            }
        }

        return own;
    }

    /// <summary>With <c>correlation: both</c>, the Call-ID under which the leg's packets are sent once more; else empty.</summary>
    public ReadOnlySpan<byte> Second(Leg leg, scoped ReadOnlySpan<byte> first) =>
        Options.Correlation == Correlation.Both && !first.SequenceEqual(leg.OriginCallId.Span) ? leg.OriginCallId.Span : default;

    /// <summary>The leg's own correlation id, regardless of its origin.</summary>
    public CorrelationState ResolveOwn(Leg leg, out ReadOnlySpan<byte> id)
    {
        id = leg.NamedCallId.IsEmpty ? leg.CallId.Span : leg.NamedCallId.Span;
        if (!id.IsEmpty)
        {
            return CorrelationState.Known;
        }

        if (leg.Protocol == LegProtocol.Other)
        {
            if (!Options.CorrelateNonSip)
            {
                return CorrelationState.NotSip;
            }

            id = leg.UniqueId.Span;
            return CorrelationState.Known;
        }

        if (!leg.IsDestroyed)
        {
            return CorrelationState.Pending;
        }

        id = leg.SpareCallId.Span;
        return id.IsEmpty ? CorrelationState.NeverCame : CorrelationState.Known;
    }

    // Known: fixed. Pending: the origin may still get a Call-ID. Otherwise the leg uses its own.
    private CorrelationState ResolveOrigin(Leg leg, out ReadOnlySpan<byte> id)
    {
        if (!leg.OriginCallId.IsEmpty)
        {
            id = leg.OriginCallId.Span;
            return CorrelationState.Known;
        }

        Leg origin = FindOrigin(leg);
        id = default;
        if (origin == leg)
        {
            return CorrelationState.NotSip;
        }

        CorrelationState state = ResolveOwn(origin, out id);
        if (state == CorrelationState.Known)
        {
            leg.OriginCallId.Set(id);
            id = leg.OriginCallId.Span;
        }

        return state;
    }

    /// <summary>Follows originators, and loopback channels to their other half, on the same switch.</summary>
    private Leg FindOrigin(Leg leg)
    {
        Leg current = leg;
        Leg? before = null;
        for (int hop = 0; hop < LegTable.MaxHops; hop++)
        {
            Leg? next = legs.OriginOf(current);
            if (next is null || next == before || next == leg)
            {
                break;
            }

            before = current;
            current = next;
        }

        return current;
    }
}
