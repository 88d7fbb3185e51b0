using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

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
