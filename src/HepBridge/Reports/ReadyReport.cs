using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>Sends payloads built by inputs.</summary>
internal static class ReadyReport
{
    private static readonly HepAddress _loopback = HepAddress.FromIPv4(0x7f000001);

    public static void Write(scoped in ReadyPayload payload, scoped in ReportContext context, PacketSink sink)
    {
        HepAddress own = context.LogAddress.IsUnspecified ? _loopback : context.LogAddress;
        (HepAddress source, HepAddress destination) = payload.Source.IsUnspecified && payload.Destination.IsUnspecified
            ? (own, own)
            : (payload.Source, payload.Destination);
        PacketHead head = new(
            payload.Type, payload.Kind, payload.Form == PayloadForm.Json, source, payload.SourcePort, destination, payload.DestinationPort);
        sink.Write(default, context, head, payload, WritePayload);
    }

    private static void WritePayload(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in ReadyPayload payload)
    {
        if (payload.Form != PayloadForm.Text)
        {
            writer.Whole(payload.Payload);
            return;
        }

        writer.Text(payload.Payload.TrimEnd("\r\n"u8), LinePlace.Log);
        writer.BeginTail();
        writer.Whole(payload.Tail);
        EventText.WriteCall(ref writer, context);
        EventText.WriteTime(ref writer, context);
    }
}
