using HepBridge.FreeSwitch.Events;
using HepBridge.Outputs;

namespace HepBridge.Reports;

/// <summary>The switch's own log lines (HEP type 100), those that name a channel in User-Data, up to <c>report_log_level</c> (mod_event_socket.c).</summary>
internal sealed class SwitchLogReport : IReport
{
    public bool Wants(scoped in FreeSwitchEvent e, ReportPlan plan) =>
        e.Kind == EventKind.Log && plan.Options.LogEvents
        && (!e.Get(KnownHeader.LogLevel).TryParseInt64(out long level) || level <= plan.Options.LogLevel);

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        PayloadWriter writer;
        do
        {
            writer = sink.BeginLog(context, context.LogAddress);
            writer.Text(e.Body.Raw.TrimEnd("\r\n"u8), keepLines: true);
            EventText.WriteTail(ref writer, e, context);
        }
        while (!sink.TryEnd(ref writer, PacketKind.Log, isJson: false));
        return true;
    }
}
