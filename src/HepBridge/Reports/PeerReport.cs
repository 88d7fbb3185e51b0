using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>A switch of the network that came up, went down or restarted (HEP type 100), with the switch's name as correlation id.</summary>
internal static class PeerReport
{
    public static void Write(scoped in ReportContext context, ReadOnlySpan<byte> state, HepAddress address, PacketSink sink) =>
        sink.Write(default, context, PacketHead.Log(address), new Payload(state, address), WriteText);

    private static void WriteText(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in Payload payload)
    {
        writer.Raw(payload.State);
        writer.Raw((byte)' ');
        writer.Text(context.CorrelationId, LinePlace.Word);
        writer.Raw("; address="u8);
        writer.Address(payload.Address);
        writer.Raw(" node="u8);
        writer.Id(context.CorrelationId);
        EventText.WriteTime(ref writer, context);
    }

    private readonly ref struct Payload(ReadOnlySpan<byte> state, HepAddress address)
    {
        public readonly ReadOnlySpan<byte> State = state;
        public readonly HepAddress Address = address;
    }
}
