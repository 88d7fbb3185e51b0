using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>The switch's own log lines (HEP type 100), those that name a channel in User-Data, up to <c>report_log_level</c> (mod_event_socket.c).</summary>
internal sealed class SwitchLogReport : IReport
{
    private long _lines;

    public static EventSelection Select(ReportOptions options) => options.LogEvents
        ? new EventSelection(EventKind.Log) { Condition = IsImportant }
        : EventSelection.None;

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        // A switch stamps many lines with one microsecond, and log lines have no Event-Sequence.
        sink.Write(e, context, PacketHead.Log(context.LogAddress), ++_lines, WriteText);
        return true;
    }

    private static bool IsImportant(scoped in FreeSwitchEvent e, ReportOptions options) =>
        !e.Get(KnownHeader.LogLevel).TryParseInt64(out long level) || level <= options.LogLevel;

    private static void WriteText(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in long line)
    {
        writer.Text(e.Body.Raw.TrimEnd("\r\n"u8), LinePlace.Log);
        EventText.WriteTail(ref writer, e, context);
        writer.Raw(" order="u8);
        writer.Number(line);
    }
}
