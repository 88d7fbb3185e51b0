namespace HepBridge.Outputs;

/// <summary>An output's way to its collectors as it is now: for health and metrics.</summary>
internal readonly record struct OutputState
{
    /// <summary>Its collectors; 0: it has none, and can tell nothing.</summary>
    public int Collectors { get; init; }

    /// <summary>Those of them that take packets: connected, or for UDP looked up and without a refusal of late.</summary>
    public int Reachable { get; init; }

    /// <summary>How often a connection was lost or could not be made; for UDP refusals (ICMP port unreachable).</summary>
    public long Failures { get; init; }

    /// <summary>Octets in the rings.</summary>
    public long RingBytes { get; init; }

    /// <summary>The most that the rings may hold, in bytes.</summary>
    public long RingCapacity { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long SpoolBytes { get; init; }

    /// <summary><c>max_bytes</c> of the spool; 0: there is none.</summary>
    public long SpoolCapacity { get; init; }

    /// <summary>Whether the spool takes no more: it is full, or its disk is.</summary>
    public bool SpoolRefuses { get; init; }

    /// <summary>Why a part of it is not running, in one sentence; null: all parts are.</summary>
    public string? Problem { get; init; }

    /// <summary>Both together: the members of a group.</summary>
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
