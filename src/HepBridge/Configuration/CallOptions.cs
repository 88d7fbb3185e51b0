namespace HepBridge.Configuration;

/// <summary>Whose Call-ID a leg's packets carry (<c>reports.correlation</c>).</summary>
internal enum Correlation
{
    Own,

    /// <summary>That of the leg that originated the call.</summary>
    ALeg,

    /// <summary>Both: each report of a following leg is sent twice.</summary>
    Both,
}

/// <summary>The part of section <c>reports</c> that applies to the whole process.</summary>
internal sealed class CallOptions
{
    public Correlation Correlation { get; init; } = Correlation.Own;

    /// <summary>A channel variable, without "variable_", to take the Call-ID from (<c>call_id_variable</c>); null for none.</summary>
    public string? CallIdVariable { get; init; }

    /// <summary>Whether legs without SIP are reported under their channel's UUID (<c>correlate_non_sip</c>).</summary>
    public bool CorrelateNonSip { get; init; }

    /// <summary>Longest wait of events for their leg's Call-ID (<c>hold_time</c>).</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(120);

    public int HoldPerLeg { get; init; } = 64;
    public int HoldTotal { get; init; } = 100_000;

    /// <summary>How long a leg is kept after its CHANNEL_DESTROY (<c>leg_linger</c>).</summary>
    public TimeSpan LegLinger { get; init; } = TimeSpan.FromSeconds(10);

    public int MaxLegs { get; init; } = 200_000;

    /// <summary>A leg is dropped after this long without an event (<c>max_leg_age</c>).</summary>
    public TimeSpan MaxLegAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An event time further than this from now is replaced by the current time (<c>max_clock_skew</c>); zero turns this off.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromHours(12);
}
