namespace HepBridge.Outputs;

/// <summary>Current state of an output's connections, for health and metrics.</summary>
internal readonly record struct OutputState
{
    /// <summary>Number of collectors; 0 if it has none.</summary>
    public int Collectors { get; init; }

    /// <summary>Collectors that accept packets: connected, or for UDP resolved and not refusing lately.</summary>
    public int Reachable { get; init; }

    /// <summary>Connections lost or failed; for UDP, refusals (ICMP port unreachable).</summary>
    public long Failures { get; init; }

    /// <summary>Bytes in the rings.</summary>
    public long RingBytes { get; init; }

    /// <summary>Capacity of the rings in bytes.</summary>
    public long RingCapacity { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long SpoolBytes { get; init; }

    /// <summary><c>max_bytes</c> of the spool; 0 without a spool.</summary>
    public long SpoolCapacity { get; init; }

    /// <summary>Whether the spool accepts no more because it or its disk is full.</summary>
    public bool SpoolRefuses { get; init; }

    /// <summary>Why a part of it is not running, in one sentence; null if all parts are.</summary>
    public string? Problem { get; init; }

    /// <summary>Adds up the members of a group.</summary>
    public static OutputState operator +(OutputState a, OutputState b) => new()
    {
        Collectors = a.Collectors + b.Collectors,
        Reachable = a.Reachable + b.Reachable,
        Failures = a.Failures + b.Failures,
        RingBytes = a.RingBytes + b.RingBytes,
        RingCapacity = a.RingCapacity + b.RingCapacity,
        SpoolBytes = a.SpoolBytes + b.SpoolBytes,
        SpoolCapacity = a.SpoolCapacity + b.SpoolCapacity,
        SpoolRefuses = a.SpoolRefuses || b.SpoolRefuses,
        Problem = a.Problem ?? b.Problem,
    };
}
