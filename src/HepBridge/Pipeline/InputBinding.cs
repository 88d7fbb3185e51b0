using HepBridge.Diagnostics;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>The pipeline's view of an input: its name, and which reports its events become. A reload replaces the plan.</summary>
internal sealed class InputBinding(string name, ReportPlan plan)
{
    /// <summary>Its name in logs and metrics: kind, address, port.</summary>
    public string Name { get; } = name;

    public ReportPlan Plan { get; set; } = plan;

    /// <summary>Whether all its events come from one switch: an event socket rather than a network.</summary>
    public bool IsSingleSwitch { get; init; }

    /// <summary>The switch at the other end, since log lines do not name one. Null until its first event.</summary>
    public Calls.Switch? Switch { get; set; }

    /// <summary>Whether sending to it requires a secret. Data that others could forge must not displace calls in the tables.</summary>
    public bool IsTrusted { get; init; } = true;

    /// <summary>Called when an event leaves the hold queue, for inputs that acknowledge their events.</summary>
    public Action<long>? Settled { get; init; }

    /// <summary>The input's number for the current event, passed to <see cref="Settled"/> if the event is held.</summary>
    public long Receipt { get; set; }

    /// <summary>Number of the switch that sent the current event, re-fired by others or not; with the Event-Sequence, it identifies the event.</summary>
    public int SwitchIndex { get; set; }

    /// <summary>Whether the pipeline holds the current event.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The task that reads the input, if supervised.</summary>
    public Supervised? Work { get; set; }

    public long Received { get; set; }

    /// <summary>Received data that was not an event.</summary>
    public long Malformed { get; set; }
}
