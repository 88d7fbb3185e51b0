using System.Text;
using System.Text.Json;
using HepBridge.Hep;

namespace HepBridge.Tests.Pipeline;

/// <summary>A decoded packet that can be kept.</summary>
internal sealed record CollectedPacket(
    HepPayloadType Type,
    string CallId,
    string Source,
    int SourcePort,
    string Destination,
    int DestinationPort,
    long Microseconds,
    uint CaptureId,
    string AuthKey,
    string NodeName,
    string Payload)
{
    public JsonElement Json() => JsonDocument.Parse(Payload).RootElement;

    /// <summary>The value of <c>name=value</c> in a log line, null if there is none.</summary>
    public string? Field(string name)
    {
        int at = Payload.IndexOf(name + "=", StringComparison.Ordinal);
        return at < 0 ? null : Payload[(at + name.Length + 1)..].Split(' ', ';')[0];
    }

    public string State() => Payload.Split(' ')[0];

    public static CollectedPacket From(ReadOnlySpan<byte> bytes)
    {
        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reject), reject.ToString());
        return new CollectedPacket(
            packet.PayloadType,
            Encoding.UTF8.GetString(packet.CorrelationId),
            packet.Source.ToString(),
            packet.SourcePort,
            packet.Destination.ToString(),
            packet.DestinationPort,
            (packet.Seconds * 1_000_000L) + packet.Microseconds,
            packet.CaptureId,
            Encoding.UTF8.GetString(packet.AuthKey),
            Encoding.UTF8.GetString(packet.NodeName),
            Encoding.UTF8.GetString(packet.Payload));
    }
}
