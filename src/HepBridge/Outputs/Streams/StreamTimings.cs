namespace HepBridge.Outputs.Streams;

/// <summary>The times and rates of TCP and TLS outputs; one set for all, except in tests.</summary>
internal sealed record StreamTimings
{
    public static StreamTimings Default { get; } = new();

    /// <summary>The wait before the first reconnect.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between reconnects.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection that isn't there by then has failed; so has a TLS handshake.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a new TLS connection is not used yet: our side of the handshake may be over before the collector has looked at our certificate (in
    /// TLS 1.3 it always is), and what is sent to one that refuses it is lost.
    /// </summary>
    public TimeSpan LateRefusal { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A collector that takes nothing of a write for so long is given up.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for a write under way, after everything else was given up.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often changed certificate files are looked for.</summary>
    public TimeSpan CertificateCheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How fast a spool drains beside live traffic, bytes a second: some 16,000 usual packets, which a collector's database can take.</summary>
    public int DrainBytesPerSecond { get; init; } = 8 << 20;
}
