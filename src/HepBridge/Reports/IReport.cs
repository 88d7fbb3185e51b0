using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>One kind of report: which events it wants, and what packet it makes of one. Synchronous, knows no socket, allocates nothing.</summary>
internal interface IReport
{
    /// <summary>Whether the event becomes a packet of this report.</summary>
    bool Wants(scoped in FreeSwitchEvent e, ReportPlan plan);

    /// <summary>Makes the packets; returns whether there was one.</summary>
    bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink);
}
