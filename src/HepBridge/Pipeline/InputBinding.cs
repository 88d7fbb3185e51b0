using HepBridge.Diagnostics;
using HepBridge.Reports;

namespace HepBridge.Pipeline;

/// <summary>One input as the pipeline sees it: its name, and what its events become. The plan is replaced when the configuration is.</summary>
internal sealed class InputBinding(string name, ReportPlan plan)
{
    /// <summary>How it is called in logs and metrics: kind, address, port.</summary>
    public string Name { get; } = name;

    /// <summary>What its events become.</summary>
    public ReportPlan Plan { get; set; } = plan;

    /// <summary>Whether all its events come from one switch: an event socket, not a network.</summary>
    public bool IsSingleSwitch { get; init; }

    /// <summary>The switch that this input speaks with: log lines name none. Null until its first event.</summary>
    public Calls.Switch? Switch { get; set; }

    /// <summary>
    /// Whether only who knows a secret can send to it. What a flood from others made up must not take a call's place in the tables.
    /// </summary>
    public bool IsTrusted { get; init; } = true;

    /// <summary>The task that reads the input, if it is supervised.</summary>
    public Supervised? Work { get; set; }

    /// <summary>Events taken in.</summary>
    public long Received { get; set; }

    /// <summary>Bytes that were no event.</summary>
    public long Malformed { get; set; }
}
