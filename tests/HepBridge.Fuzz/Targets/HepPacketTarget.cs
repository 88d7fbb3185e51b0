using HepBridge.Collector.Store;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;
using HepBridge.Masking;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// One HEP3 packet: an accepted one can be encoded and decoded with the same result, encoding twice gives the same
/// bytes, and the viewer's copy is equivalent.
/// </summary>
internal sealed class HepPacketTarget() : FuzzTarget("hep-packet", "HEP3 packets: decoder, encoder, the viewer's copy")
{
    private readonly byte[] _encoded = new byte[HepEncoder.MaxPacketLength];
    private readonly byte[] _twice = new byte[HepEncoder.MaxPacketLength];

    public override IReadOnlyList<byte[]> Corpus => HepPackets.All;

    protected override IEnumerable<Mutation> OwnMutations => HepMutations.All;

    public override Outcome Run(byte[] input)
    {
        HepChunkReader chunks = new(input);
        int length = HepStreamFramer.PreambleLength;
        while (chunks.Read())
        {
            length += 6 + chunks.Value.Length;
        }

        if (!HepDecoder.TryDecode(input, out HepPacket packet, out HepReject reason))
        {
            Rule.Holds(reason != HepReject.None && packet.Payload.IsEmpty && packet.CorrelationId.IsEmpty);
            return Outcome.Refused($"{reason}");
        }

        HepStreamFramer.Next(input, out int total);
        Rule.Holds(chunks.Reject == HepReject.None && length == total);
        if (!HepEncoder.TryEncode(packet, _encoded, out int written))
        {
            // Absent chunks are written, too, which may exceed 16 bits; nothing else may.
            Rule.Holds(HepEncoder.HeaderLength(packet) + packet.Payload.Length > HepEncoder.MaxPacketLength);
            return Outcome.Taken("too large to encode");
        }

        Rule.Holds(HepDecoder.TryDecode(_encoded.AsSpan(0, written), out HepPacket again, out _));
        Compare(packet, again);
        Rule.Holds(HepEncoder.TryEncode(again, _twice, out int rewritten));
        Rule.Same(_encoded.AsSpan(0, written), _twice.AsSpan(0, rewritten), "encoding is stable");

        byte[] copy = PacketSanitizer.Copy(input.AsSpan(0, total), ValueMask.Default);
        Rule.Holds(HepDecoder.TryDecode(copy, out HepPacket kept, out _) && kept.AuthKey.IsEmpty);
        Rule.Holds(kept.Payload.Length == packet.Payload.Length && kept.CorrelationId.SequenceEqual(packet.CorrelationId) && kept.Seconds == packet.Seconds);
        return Outcome.Taken($"{(packet.Source.IsIPv6 ? 6 : 4)}{(packet.Destination.IsIPv6 ? 6 : 4)} {!packet.AuthKey.IsEmpty} {!packet.NodeName.IsEmpty}");
    }

    private static void Compare(in HepPacket a, in HepPacket b)
    {
        Rule.Holds(a.Protocol == b.Protocol && a.PayloadType == b.PayloadType && a.CaptureId == b.CaptureId);
        Rule.Holds(a.SourcePort == b.SourcePort && a.DestinationPort == b.DestinationPort && a.Seconds == b.Seconds && a.Microseconds == b.Microseconds);
        Rule.Same(a.AuthKey, b.AuthKey, "the authentication key comes back");
        Rule.Same(a.CorrelationId, b.CorrelationId, "the correlation id comes back");
        Rule.Same(a.NodeName, b.NodeName, "the node's name comes back");
        Rule.Same(a.Payload, b.Payload, "the payload comes back");
        Rule.Holds(a.Source == b.Source || (a.Source.IsUnspecified && b.Source.IsUnspecified));
        Rule.Holds(a.Destination == b.Destination || (a.Destination.IsUnspecified && b.Destination.IsUnspecified));
        Rule.Holds(HepAddress.TryParse(System.Text.Encoding.ASCII.GetBytes(a.Source.ToString()), out HepAddress parsed) && parsed == a.Source);
    }
}
