using HepBridge.Hep;
using HepBridge.Outputs;

namespace HepBridge.Reports;

/// <summary>A switch of the network that came up, went down or was restarted (HEP type 100), under the switch's own name as correlation id.</summary>
internal static class PeerReport
{
    public static void Write(scoped in ReportContext context, ReadOnlySpan<byte> state, HepAddress address, PacketSink sink)
    {
        PayloadWriter writer;
        do
        {
            writer = sink.BeginLog(context, address);
            writer.Raw(state);
            writer.Raw((byte)' ');
            writer.Text(context.CorrelationId, LinePlace.Word);
            writer.Raw("; address="u8);
            writer.Address(address);
            writer.Raw(" node="u8);
            writer.Id(context.CorrelationId);
            writer.Raw(" time="u8);
            TimeText.Write(ref writer, context.Time);
        }
        while (!sink.TryEnd(ref writer, PacketKind.Log, isJson: false));
    }
}
