using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>The switch's log lines of a channel (with User-Data) up to <c>report_log_level</c>, as HEP type 100 (mod_event_socket.c).</summary>
internal sealed class SwitchLogReport : IReport
{
    private long _lines;

    public static EventSelection Select(ReportOptions options) => options.LogEvents
        ? new EventSelection(EventKind.Log) { Condition = IsImportant }
        : EventSelection.None;

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        // A switch logs many lines in the same microsecond, and they have no Event-Sequence.
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
