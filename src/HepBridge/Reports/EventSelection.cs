using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>Whether a report makes a packet of an event of a selected kind.</summary>
internal delegate bool EventCondition(scoped in FreeSwitchEvent e, ReportOptions options);

/// <summary>The events that a report sends, and those it needs in addition.</summary>
/// <param name="Kinds">Kinds that become packets.</param>
internal sealed record EventSelection(params IReadOnlyList<EventKind> Kinds)
{
    /// <summary>No event.</summary>
    public static EventSelection None { get; } = new();

    /// <summary>Names of events without a kind of their own.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Subclasses of CUSTOM events, with a kind of their own or without.</summary>
    public IReadOnlyList<string> Subclasses { get; init; } = [];

    /// <summary>Kinds that the report learns from without making packets of them: the switch is asked for them too.</summary>
    public IReadOnlyList<EventKind> Needs { get; init; } = [];

    /// <summary>What else must hold for a packet; null: nothing.</summary>
    public EventCondition? Condition { get; init; }
}
