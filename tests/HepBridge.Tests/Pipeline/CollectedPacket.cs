using System.Text;
using System.Text.Json;
using HepBridge.Hep;

namespace HepBridge.Tests.Pipeline;

/// <summary>A decoded copy of a packet. Text that collectors cannot store fails the test.</summary>
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
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

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
            Text(packet.CorrelationId),
            packet.Source.ToString(),
            packet.SourcePort,
            packet.Destination.ToString(),
            packet.DestinationPort,
            (packet.Seconds * 1_000_000L) + packet.Microseconds,
            packet.CaptureId,
            Text(packet.AuthKey),
            Text(packet.NodeName),
            Text(packet.Payload));
    }

    // PostgreSQL rejects anything else, and Homer 7 then loses a whole batch of rows.
    private static string Text(ReadOnlySpan<byte> bytes)
    {
        Assert.False(bytes.Contains((byte)0), "a packet holds NUL");
        return _strict.GetString(bytes);
    }
}
