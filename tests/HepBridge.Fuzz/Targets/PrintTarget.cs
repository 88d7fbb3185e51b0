using System.Net;
using System.Text;
using System.Text.Json;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;

namespace HepBridge.Fuzz.Targets;

/// <summary>The output of 'listen' for a packet: text that moves no cursor, and one line of JSON with the packet's payload.</summary>
internal sealed class PrintTarget() : FuzzTarget("print", "what 'listen' prints of packets: text and JSON")
{
    private static readonly HepSender _sender = new(new IPEndPoint(IPAddress.Loopback, 9), SenderTransport.Udp);
    private readonly Mutation[] _own = [.. TextMutations.All, JsonPayload, JsonPayload];

    public override IReadOnlyList<byte[]> Corpus => HepPackets.All;

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override void Make(Mutant mutant, Dice dice)
    {
        // It remains a valid packet; its payload, and sometimes its text chunks, are mutated.
        byte[] bytes = dice.Pick(Corpus);
        HepDecoder.TryDecode(bytes, out HepPacket packet, out _);
        mutant.Set(packet.Payload);
        Mutate(mutant, dice);
        packet.Payload = mutant.ToArray();
        if (dice.OneIn(3))
        {
            mutant.Set(packet.CorrelationId);
            Mutate(mutant, dice);
            packet.CorrelationId = mutant.ToArray();
            packet.NodeName = packet.CorrelationId;
        }

        byte[] encoded = new byte[HepEncoder.MaxPacketLength];
        mutant.Set(HepEncoder.TryEncode(packet, encoded, out int written) ? encoded.AsSpan(0, written) : bytes);
    }

    public override Outcome Run(byte[] input)
    {
        if (!HepDecoder.TryDecode(input, out HepPacket packet, out HepReject reason))
        {
            return Outcome.Refused($"{reason}");
        }

        using StringWriter text = new();
        new TextPrinter(text).Print(packet, input, _sender);
        foreach (Rune rune in text.ToString().EnumerateRunes())
        {
            Rule.Holds(rune.Value is '\n' or '\t' || VisibleText.IsSafe(rune));
        }

        using StringWriter line = new();
        new JsonPrinter(line).Print(packet, input, _sender);
        string json = line.ToString();
        Rule.Holds(json.IndexOf('\n') == json.Length - 1);
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 80 });
        Rule.Holds(document.RootElement.GetProperty("payload").GetString() == Encoding.UTF8.GetString(packet.Payload));
        Rule.Holds(!document.RootElement.TryGetProperty("payload_base64", out JsonElement base64) || base64.GetBytesFromBase64().AsSpan().SequenceEqual(packet.Payload));
        return Outcome.Taken($"{packet.PayloadType} {document.RootElement.TryGetProperty("payload_json", out _)}");
    }

    private static void JsonPayload(Mutant mutant, Dice dice) => JsonMutations.Change(mutant, dice);
}
