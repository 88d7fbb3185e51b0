using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>Payloads that inputs made themselves, as packets.</summary>
internal static class ReadyReport
{
    private static readonly HepAddress _loopback = HepAddress.FromIPv4(0x7f000001);

    public static void Write(scoped in ReadyPayload payload, scoped in ReportContext context, PacketSink sink)
    {
        HepAddress own = context.LogAddress.IsUnspecified ? _loopback : context.LogAddress;
        (HepAddress source, HepAddress destination) = payload.Source.IsUnspecified && payload.Destination.IsUnspecified
            ? (own, own)
            : (payload.Source, payload.Destination);
        PayloadWriter writer;
        do
        {
            writer = sink.Begin(context, payload.Type, source, payload.SourcePort, destination, payload.DestinationPort);
            if (payload.Form == PayloadForm.Text)
            {
                writer.Text(payload.Payload.TrimEnd("\r\n"u8), keepLines: true);
                writer.BeginTail();
                writer.Text(payload.Tail);
                EventText.WriteCall(ref writer, context);
                EventText.WriteTime(ref writer, context);
            }
            else
            {
                writer.Raw(payload.Payload);
            }
        }
        while (!sink.TryEnd(ref writer, payload.Kind, payload.Form == PayloadForm.Json));
    }
}
