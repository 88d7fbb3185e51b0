namespace HepBridge.Collector.Store;

/// <summary>How much the viewer keeps. Whatever arrives, memory stays within these bounds.</summary>
public sealed class CallStoreOptions
{
    /// <summary>Calls kept; the one that was silent longest leaves first. Default 5,000.</summary>
    public int MaxCalls { get; init; } = 5_000;

    /// <summary>Bytes of all calls together, their packets and what is known of them. Default 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>Packets kept of one call; of a longer one the beginning and the end stay. Default 4,000.</summary>
    public int MaxPacketsPerCall { get; init; } = 4_000;

    /// <summary>Bytes kept of one call. Default 4 MiB.</summary>
    public long MaxBytesPerCall { get; init; } = 4L << 20;

    /// <summary>Tells the time of arrival, which replaces an impossible time in a packet.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
