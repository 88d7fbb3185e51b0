namespace HepBridge.Benchmarks.Soak;

/// <summary>One leg of the made-up switch.</summary>
internal sealed class SoakLeg
{
    public required string Id { get; init; }

    public required string CallId { get; init; }

    public required int Number { get; init; }

    /// <summary>The leg that made it; null: the call began with it.</summary>
    public SoakLeg? Origin { get; init; }

    /// <summary>It neither ends nor is forgotten by the switch.</summary>
    public bool IsEndless { get; init; }

    /// <summary>It sends nothing any more and only appears in the switch's list of channels.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether SIP has answered: an outbound leg has no Call-ID before.</summary>
    public bool HasCallId { get; set; }

    /// <summary>0 made, 1 ringing, 2 answered, 3 talking.</summary>
    public int State { get; set; }
}
