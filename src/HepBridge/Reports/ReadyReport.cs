using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Reports.Janus;

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
            payload.Type, payload.Kind, payload.Form is PayloadForm.Json or PayloadForm.JanusReceived or PayloadForm.JanusSent,
            source, payload.SourcePort, destination, payload.DestinationPort)
        {
            Protocol = payload.Protocol == 0 ? (byte)17 : payload.Protocol,
        };
        sink.Write(default, context, head, payload, WritePayload);
    }

    private static void WritePayload(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in ReadyPayload payload)
    {
        switch (payload.Form)
        {
            case PayloadForm.Json or PayloadForm.Message:
                writer.Whole(payload.Payload);
                return;
            case PayloadForm.JanusReceived or PayloadForm.JanusSent:
                JanusQuality.Write(ref writer, context, payload);
                return;
            case PayloadForm.JanusLine:
                JanusLine.Write(ref writer, new JanusEvent(payload.Payload), context.Plan);
                break;
            default:
                writer.Text(payload.Payload.TrimEnd("\r\n"u8), LinePlace.Log);
                writer.BeginTail();
                writer.Whole(payload.Tail);
                break;
        }

        EventText.WriteCall(ref writer, context);
        EventText.WriteTime(ref writer, context);
    }
}
