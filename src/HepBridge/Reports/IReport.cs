using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;

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
        new(RegistrationReport.Select, _ => new RegistrationReport(new RegistrationChanges())),
        new(CustomReport.Select, _ => new CustomReport()),
        new(SwitchLogReport.Select, _ => new SwitchLogReport()),
    ];
}
