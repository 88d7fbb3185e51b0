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

    /// <summary>
    /// Takes a copy of one whole HEP packet. A packet that cannot be taken is counted with its reason.
    /// </summary>
    void Offer(ReadOnlySpan<byte> packet, PacketKind kind);

    /// <summary>The end of a received batch: sends what was offered.</summary>
    void Flush();

    /// <summary>Sends what is queued until canceled, keeps the rest where it can, and counts what is lost.</summary>
    Task DrainAsync(CancellationToken cancellationToken);
}
