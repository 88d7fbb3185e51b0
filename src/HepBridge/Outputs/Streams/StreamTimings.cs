namespace HepBridge.Outputs.Streams;

/// <summary>Timeouts and rates of TCP and TLS outputs; the same for all, except in tests.</summary>
internal sealed record StreamTimings
{
    public static StreamTimings Default { get; } = new();

    /// <summary>Delay before the first reconnect.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest delay between reconnects.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Timeout of a connection attempt, and of a TLS handshake.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a new TLS connection is not used: our side of the handshake may end before the collector has checked
    /// our certificate (in TLS 1.3 it always does), and packets sent to a collector that then rejects it are lost.
    /// </summary>
    public TimeSpan LateRefusal { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A collector that accepts no part of a write for this long is given up.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for a pending write after everything else was given up.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Interval for checking whether certificate files changed.</summary>
    public TimeSpan CertificateCheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rate at which a spool drains alongside live traffic, in bytes a second: about 16,000 typical packets, which a collector's database can handle.</summary>
    public int DrainBytesPerSecond { get; init; } = 8 << 20;
}
