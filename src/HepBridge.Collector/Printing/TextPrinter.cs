using System.Buffers;
using System.Globalization;
using System.Text;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>Prints each packet for people: a line with type, addresses and Call-ID, then the indented payload.</summary>
internal sealed class TextPrinter(TextWriter output) : IPacketPrinter
{
    private const string Indent = "    ";

    private readonly StringBuilder _text = new();
    private readonly ArrayBufferWriter<byte> _compact = new();
    private readonly ArrayBufferWriter<byte> _json = new();

    public void Print(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        _text.Clear();
        AppendHeadline(packet, bytes, sender);
        AppendPayload(packet, bytes);
        _text.Append("\n\n");
        output.Write(_text.ToString());
    }

    private void AppendHeadline(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{PacketText.Time(packet)}  {PayloadTypeName.Of(packet.PayloadType)} ({(byte)packet.PayloadType})  ");
        AppendEndPoint(PacketText.Source(packet, bytes), packet.SourcePort);
        _text.Append(" → ");
        AppendEndPoint(PacketText.Destination(packet, bytes), packet.DestinationPort);
        _text.Append(CultureInfo.InvariantCulture, $" {ProtocolName(packet.Protocol)}  capture id {packet.CaptureId}");
        if (!packet.NodeName.IsEmpty)
        {
            _text.Append(" (");
            VisibleText.AppendLine(_text, packet.NodeName);
            _text.Append(')');
        }

        if (!packet.CorrelationId.IsEmpty)
        {
            _text.Append("  call ");
            VisibleText.AppendLine(_text, packet.CorrelationId);
        }

        _text.Append(sender.Transport == SenderTransport.Tcp ? "  [by TCP]\n" : "\n");
    }

    private void AppendEndPoint(string? address, ushort port)
    {
        bool ipv6 = address?.Contains(':', StringComparison.Ordinal) == true;
        _text.Append(ipv6 ? "[" : "").Append(address ?? "no address").Append(ipv6 ? "]:" : ":").Append(port);
    }

    private void AppendPayload(in HepPacket packet, ReadOnlySpan<byte> bytes)
    {
        _compact.ResetWrittenCount();
        if (packet.Payload.IsEmpty)
        {
            bool isCompressed = HepChunkReader.TryFind(bytes, HepChunk.CompressedPayload, out ReadOnlySpan<byte> compressed);
            _text.Append(Indent).Append(isCompressed ? $"(a compressed payload of {compressed.Length} bytes)" : "(no payload)");
        }
        else if (CompactJson.TryWrite(packet.Payload, _compact))
        {
            _json.ResetWrittenCount();
            JsonIndenter.Write(_compact.WrittenSpan, _json);
            VisibleText.AppendLines(_text, _json.WrittenSpan, Indent);
        }
        else
        {
            VisibleText.AppendLines(_text, packet.Payload, Indent);
        }
    }

    private static string ProtocolName(byte protocol) => protocol switch
    {
        6 => "TCP",
        17 => "UDP",
        22 => "TLS",
        132 => "SCTP",
        _ => $"protocol {protocol}",
    };
}
