namespace HepBridge.Collector.Store;

/// <summary>The viewer's limits, which bound its memory whatever arrives.</summary>
public sealed class CallStoreOptions
{
    /// <summary>Most calls; the one silent longest is removed first. Default 5,000.</summary>
    public int MaxCalls { get; init; } = 5_000;

    /// <summary>Most bytes of all calls, including packets and names. Default 128 MiB.</summary>
    public long MaxBytes { get; init; } = 128L << 20;

    /// <summary>Most legs per call; a further leg becomes a call of its own. Default 64.</summary>
    public int MaxLegsPerCall { get; init; } = 64;

    /// <summary>Most packets per leg; a longer one keeps its beginning and its end. Default 4,000.</summary>
    public int MaxPacketsPerLeg { get; init; } = 4_000;

    /// <summary>Most bytes per leg. Default 4 MiB.</summary>
    public long MaxBytesPerLeg { get; init; } = 4L << 20;

    /// <summary>Clock for the time of arrival, which replaces an impossible time in a packet.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
