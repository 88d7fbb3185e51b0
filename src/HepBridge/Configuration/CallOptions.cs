namespace HepBridge.Configuration;

/// <summary>Under which Call-ID a leg's packets go (<c>reports.correlation</c>).</summary>
internal enum Correlation
{
    /// <summary>Its own.</summary>
    Own,

    /// <summary>That of the leg that originated the call.</summary>
    ALeg,
}

/// <summary>What is kept of calls: the part of section <c>reports</c> that is one for the whole process.</summary>
internal sealed class CallOptions
{
    public Correlation Correlation { get; init; } = Correlation.Own;

    /// <summary>A channel variable, without "variable_", that names the Call-ID (<c>call_id_variable</c>); null: none.</summary>
    public string? CallIdVariable { get; init; }

    /// <summary>Legs without SIP go under their channel's UUID (<c>correlate_non_sip</c>).</summary>
    public bool CorrelateNonSip { get; init; }

    /// <summary>How long events wait for their leg's Call-ID (<c>hold_time</c>).</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Most events that wait for one leg (<c>hold_per_leg</c>).</summary>
    public int HoldPerLeg { get; init; } = 64;

    /// <summary>Most events that wait in all (<c>hold_total</c>).</summary>
    public int HoldTotal { get; init; } = 100_000;

    /// <summary>How long a leg stays known after its CHANNEL_DESTROY (<c>leg_linger</c>).</summary>
    public TimeSpan LegLinger { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most legs that are known at once (<c>max_legs</c>).</summary>
    public int MaxLegs { get; init; } = 200_000;

    /// <summary>A leg without any event for so long is forgotten (<c>max_leg_age</c>).</summary>
    public TimeSpan MaxLegAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An event's time further than this from now is replaced by now (<c>max_clock_skew</c>); zero: never.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromHours(12);
}
