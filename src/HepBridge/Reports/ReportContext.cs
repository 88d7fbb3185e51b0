using HepBridge.Calls;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>What a report knows in addition to the event.</summary>
internal readonly ref struct ReportContext
{
    public required ReportPlan Plan { get; init; }

    public required Switch Switch { get; init; }

    /// <summary>The event's leg; null for events that belong to none (registrations).</summary>
    public Leg? Leg { get; init; }

    /// <summary>Chunk 0x0011: the Call-ID that the packet goes under.</summary>
    public ReadOnlySpan<byte> CorrelationId { get; init; }

    /// <summary>The packet's time.</summary>
    public EventTime Time { get; init; }

    /// <summary>Source and destination of a log line: as configured, else the leg's signalling address, else the switch's own.</summary>
    public HepAddress LogAddress =>
        Plan.Options.AgentAddress is { } configured ? configured
        : Leg is { HasSignallingAddress: true } ? Leg.SignallingAddress
        : !Switch.IPv4.IsUnspecified ? Switch.IPv4
        : Switch.IPv6;
}
