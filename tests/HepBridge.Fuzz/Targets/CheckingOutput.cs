using System.Text.Json;
using System.Text.Unicode;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Outputs;

namespace HepBridge.Fuzz.Targets;

/// <summary>Checks every packet like a collector.</summary>
internal sealed class CheckingOutput : IOutput
{
    public string Name => "checking";

    public OutputCounters Counters { get; } = new();

    public int MaxPacket { get; set; }

    public int Packets { get; private set; }

    /// <summary>RTCP packets with unknown addresses; the pipeline counts each.</summary>
    public int PacketsWithoutPort { get; private set; }

    /// <summary>Payload types seen, one bit each.</summary>
    public int Types { get; private set; }

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Packets++;
        Rule.Holds(packet.Length <= MaxPacket);
        Rule.Holds(HepDecoder.TryDecode(packet, out HepPacket decoded, out _));
        Rule.Holds(HepStreamFramer.Next(packet, out int length) == HepFrame.Packet && length == packet.Length);
        Rule.Holds(!decoded.CorrelationId.IsEmpty && !decoded.CorrelationId.Contains((byte)0) && Utf8.IsValid(decoded.CorrelationId));
        Rule.Holds(!decoded.Payload.IsEmpty);
        Rule.Holds(decoded.Seconds > 0 && decoded.Microseconds < 1_000_000);
        CheckFamily(packet);
        Types |= 1 << ((int)decoded.PayloadType % 32);
        switch (decoded.PayloadType)
        {
            case HepPayloadType.Log:
                Rule.Holds(!decoded.Payload.Contains((byte)0) && Utf8.IsValid(decoded.Payload));
                if (decoded.Payload[0] == '{')
                {
                    CheckJson(decoded.Payload);
                }

                break;
            case HepPayloadType.Rtcp:
                PacketsWithoutPort += decoded.SourcePort == 0 || decoded.DestinationPort == 0 ? 1 : 0;
                CheckJson(decoded.Payload);
                break;
            default:
                CheckJson(decoded.Payload);
                break;
        }
    }

    public void Flush()
    {
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Both addresses are present, of the family stated in chunk 1.
    private static void CheckFamily(ReadOnlySpan<byte> packet)
    {
        int family = 0;
        int types = 0;
        HepChunkReader chunks = new(packet);
        while (chunks.Read())
        {
            family = chunks.Type == 1 ? chunks.Value[0] : family;
            types |= chunks.Type is >= 3 and <= 6 ? 1 << chunks.Type : 0;
        }

        const int Pair4 = (1 << 3) | (1 << 4);
        const int Pair6 = (1 << 5) | (1 << 6);
        Rule.Holds((family, types) is (2, Pair4) or (10, Pair6));
    }

    // One object of strict JSON with valid UTF-8: a row that is not breaks a whole page of Homer 7.
    private static void CheckJson(ReadOnlySpan<byte> payload)
    {
        Rule.Holds(Utf8.IsValid(payload));
        Utf8JsonReader reader = new(payload);
        Rule.Holds(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                Rule.Holds(reader.TryGetDouble(out double number) && double.IsFinite(number));
            }
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                // Throws for an escape that is not a character.
                _ = reader.GetString();
            }
        }
    }
}
