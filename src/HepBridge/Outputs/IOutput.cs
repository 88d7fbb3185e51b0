using HepBridge.Diagnostics;

namespace HepBridge.Outputs;

/// <summary>Destination of HEP packets. Called by the pipeline under its lock, so nothing here may block.</summary>
internal interface IOutput : IAsyncDisposable
{
    /// <summary>Name in logs and metrics: transport and address.</summary>
    string Name { get; }

    OutputCounters Counters { get; }

    /// <summary>Current state; default if the output has no collectors. Thread-safe.</summary>
    OutputState State => default;

    /// <summary>The rings that its packets wait in; none if it never queues.</summary>
    PacketQueue[] Rings => [];

    /// <summary>Packets moved from one of its rings to another, counted before they leave the first. Thread-safe.</summary>
    long Moves => 0;

    /// <summary>Starts connecting, if it has to; once, before the first packet.</summary>
    void Start()
    {
    }

    /// <summary>Takes a copy of one whole HEP packet. A packet that cannot be taken is counted with its reason.</summary>
    void Offer(ReadOnlySpan<byte> packet, PacketKind kind);

    /// <summary>The end of a received batch: sends what was offered.</summary>
    void Flush();

    /// <summary>Sends what is queued until canceled, keeps the rest where it can, and counts what is lost.</summary>
    Task DrainAsync(CancellationToken cancellationToken);
}

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
