namespace HepBridge.Collector.Store;

/// <summary>How much the viewer keeps. Memory stays within these bounds whatever arrives.</summary>
public sealed class CallStoreOptions
{
    /// <summary>Calls kept; the one that was silent longest leaves first. Default 5,000.</summary>
    public int MaxCalls { get; init; } = 5_000;

    /// <summary>Bytes of all calls together, packets and names included. Default 128 MiB.</summary>
    public long MaxBytes { get; init; } = 128L << 20;

    /// <summary>Legs of one call; a further leg becomes a call of its own. Default 64.</summary>
    public int MaxLegsPerCall { get; init; } = 64;

    /// <summary>Packets kept of one leg; a longer one keeps its beginning and its end. Default 4,000.</summary>
    public int MaxPacketsPerLeg { get; init; } = 4_000;

    /// <summary>Bytes kept of one leg. Default 4 MiB.</summary>
    public long MaxBytesPerLeg { get; init; } = 4L << 20;

    /// <summary>Tells the time of arrival, which replaces an impossible time in a packet.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
