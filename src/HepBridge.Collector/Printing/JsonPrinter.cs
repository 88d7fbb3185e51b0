using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>
/// Prints each packet as a JSON object on one line. <c>payload</c> is the exact text, accompanied by <c>payload_json</c> if it is a JSON
/// object or array, and <c>payload_base64</c> if it is not UTF-8. The authentication key is never printed.
/// </summary>
internal sealed class JsonPrinter(TextWriter output) : IPacketPrinter
{
    // Readable text. It escapes control characters, but not what turns the reading direction: Visible does.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _payload = new();

    public void Print(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        _line.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_line, _options))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, PacketText.Time(packet));
            json.WriteNumber("type"u8, (byte)packet.PayloadType);
            json.WriteString("type_name"u8, PayloadTypeName.Of(packet.PayloadType));
            json.WriteString("src_ip"u8, PacketText.Source(packet, bytes));
            json.WriteNumber("src_port"u8, packet.SourcePort);
            json.WriteString("dst_ip"u8, PacketText.Destination(packet, bytes));
            json.WriteNumber("dst_port"u8, packet.DestinationPort);
            json.WriteNumber("protocol"u8, packet.Protocol);
            json.WriteNumber("capture_id"u8, packet.CaptureId);
            WriteText(json, "node_name"u8, packet.NodeName);
            WriteText(json, "correlation_id"u8, packet.CorrelationId);
            WritePayload(json, packet.Payload);
            json.WriteString("transport"u8, sender.Transport switch { SenderTransport.Tcp => "tcp"u8, SenderTransport.Udp => "udp"u8, _ => "file"u8 });
            json.WriteEndObject();
        }

        output.Write(Visible(Encoding.UTF8.GetString(_line.WrittenSpan)));
        output.Write('\n');
    }

    // Such characters are only in strings.
    private static string Visible(string json)
    {
        StringBuilder? visible = null;
        int at = 0;
        foreach (Rune rune in json.EnumerateRunes())
        {
            if (!VisibleText.IsSafe(rune))
            {
                visible ??= new StringBuilder(json.Length + 16).Append(json, 0, at);
                foreach (char unit in json.AsSpan(at, rune.Utf16SequenceLength))
                {
                    visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }
            else
            {
                visible?.Append(rune);
            }

            at += rune.Utf16SequenceLength;
        }

        return visible?.ToString() ?? json;
    }

    private void WritePayload(Utf8JsonWriter json, ReadOnlySpan<byte> payload)
    {
        WriteText(json, "payload"u8, payload);
        _payload.ResetWrittenCount();
        if (!Utf8.IsValid(payload))
        {
            json.WriteBase64String("payload_base64"u8, payload);
        }
        else if (CompactJson.TryWrite(payload, _payload))
        {
            json.WritePropertyName("payload_json"u8);
            json.WriteRawValue(_payload.WrittenSpan, skipInputValidation: true);
        }
    }

    // Bytes that are not UTF-8 become U+FFFD.
    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteString(name, Encoding.UTF8.GetString(value));
        }
    }
}
