namespace HepBridge.Benchmarks.Soak;

/// <summary>One leg on the simulated switch.</summary>
internal sealed class SoakLeg
{
    public required string Id { get; init; }

    public required string CallId { get; init; }

    public required int Number { get; init; }

    /// <summary>The leg that originated it; null: it started the call.</summary>
    public SoakLeg? Origin { get; init; }

    /// <summary>It never ends, and the switch never forgets it.</summary>
    public bool IsEndless { get; init; }

    /// <summary>It no longer sends events, but is still in the switch's list of channels.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether SIP has answered: until then an outbound leg has no Call-ID.</summary>
    public bool HasCallId { get; set; }

    /// <summary>0 created, 1 ringing, 2 answered, 3 talking.</summary>
    public int State { get; set; }
}
