using HepBridge.Calls;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>What a report needs in addition to the event.</summary>
internal readonly ref struct ReportContext
{
    public required ReportPlan Plan { get; init; }

    public required Switch Switch { get; init; }

    /// <summary>The event's leg; null if it has none (registrations).</summary>
    public Leg? Leg { get; init; }

    /// <summary>Chunk 0x0011: the packet's Call-ID.</summary>
    public ReadOnlySpan<byte> CorrelationId { get; init; }

    /// <summary>Another Call-ID under which each packet is sent once more (<c>correlation: both</c>); empty: none.</summary>
    public ReadOnlySpan<byte> SecondCorrelationId { get; init; }

    public EventTime Time { get; init; }

    /// <summary>Source and destination of a log line: as configured, else the leg's signaling address, else the switch's.</summary>
    public HepAddress LogAddress =>
        Plan.Options.AgentAddress is { } configured ? configured
        : Leg is { HasSignalingAddress: true } ? Leg.SignalingAddress
        : !Switch.IPv4.IsUnspecified ? Switch.IPv4
        : Switch.IPv6;
}
