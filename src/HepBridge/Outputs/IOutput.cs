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
/// <param name="Collectors">Number of collectors; 0 if it has none.</param>
/// <param name="Reachable">Collectors that accept packets: connected, or for UDP resolved and not refusing lately.</param>
/// <param name="Failures">Connections lost or failed; for UDP, refusals (ICMP port unreachable).</param>
/// <param name="RingBytes">Bytes in the rings.</param>
/// <param name="RingCapacity">Capacity of the rings in bytes.</param>
/// <param name="SpoolBytes">Bytes on disk.</param>
/// <param name="SpoolCapacity"><c>max_bytes</c> of the spool; 0 without a spool.</param>
/// <param name="SpoolRefuses">Whether the spool accepts no more because it or its disk is full.</param>
/// <param name="Problem">Why a part of it is not running, in one sentence; null if all parts are.</param>
internal readonly record struct OutputState(
    int Collectors, int Reachable, long Failures, long RingBytes, long RingCapacity, long SpoolBytes, long SpoolCapacity, bool SpoolRefuses, string? Problem)
{
    /// <summary>Adds up the members of a group.</summary>
    public static OutputState operator +(OutputState a, OutputState b) => new(
        a.Collectors + b.Collectors, a.Reachable + b.Reachable, a.Failures + b.Failures, a.RingBytes + b.RingBytes, a.RingCapacity + b.RingCapacity,
        a.SpoolBytes + b.SpoolBytes, a.SpoolCapacity + b.SpoolCapacity, a.SpoolRefuses || b.SpoolRefuses, a.Problem ?? b.Problem);
}
