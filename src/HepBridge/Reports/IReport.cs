using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>One kind of report: makes packets from the events that it selects. Synchronous, knows no socket, allocates nothing.</summary>
internal interface IReport
{
    /// <summary>Makes the packets for a selected event; returns whether there were any.</summary>
    bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink);
}

/// <summary>A kind of report: which events it needs, and how to create it.</summary>
internal sealed record ReportKind(Func<ReportOptions, EventSelection> Select, Func<PipelineCounters, IReport> Create)
{
    /// <summary>All kinds, in the order in which an event's packets are sent. A new kind is one line here.</summary>
    public static IReadOnlyList<ReportKind> All { get; } =
    [
        new(CallReport.Select, _ => new CallReport()),
        new(RtcpReport.Select, counters => new RtcpReport(counters)),
        new(QosReport.Select, _ => new QosReport()),
        new(RegistrationReport.Select, _ => new RegistrationReport()),
        new(CustomReport.Select, _ => new CustomReport()),
        new(SwitchLogReport.Select, _ => new SwitchLogReport()),
    ];
}

/// <summary>Whether a report sends a packet for an event of a selected kind.</summary>
internal delegate bool EventCondition(scoped in FreeSwitchEvent e, ReportOptions options);

/// <summary>The events that a report sends, and those it needs in addition.</summary>
/// <param name="Kinds">Kinds that become packets.</param>
internal sealed record EventSelection(params IReadOnlyList<EventKind> Kinds)
{
    public static EventSelection None { get; } = new();

    /// <summary>Names of events that have no <see cref="EventKind"/>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Subclasses of CUSTOM events, whether or not they have an <see cref="EventKind"/>.</summary>
    public IReadOnlyList<string> Subclasses { get; init; } = [];

    /// <summary>Kinds that the report only learns from: the switch is asked for them, too.</summary>
    public IReadOnlyList<EventKind> Needs { get; init; } = [];

    /// <summary>Further condition for a packet; null: none.</summary>
    public EventCondition? Condition { get; init; }
}

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
