using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;
using HepBridge.Replay;

namespace HepBridge.Fuzz.Targets;

/// <summary>Recordings of HEP packets: read whole or refused; a moved packet differs in its time only.</summary>
internal sealed class HepRecordingTarget() : FuzzTarget("hep-recording", "recordings of HEP packets, as 'replay --hep' reads them")
{
    public override IReadOnlyList<byte[]> Corpus => HepPackets.Streams;

    protected override IEnumerable<Mutation> OwnMutations => HepMutations.All;

    public override Outcome Run(byte[] input)
    {
        HepRecording recording;
        try
        {
            recording = HepRecording.Parse(input);
        }
        catch (RecordingException)
        {
            return Outcome.Refused("not a recording");
        }

        Rule.Holds(recording.Packets.Sum(packet => packet.Length) == (recording.CutAt ?? input.Length));
        foreach (HepRecordedPacket packet in recording.Packets)
        {
            byte[] moved = input[packet.Offset..(packet.Offset + packet.Length)];
            HepRecording.Shift(moved, 3_600);
            Rule.Holds(HepDecoder.TryDecode(moved, out HepPacket after, out _) && HepDecoder.TryDecode(input.AsSpan(packet.Offset, packet.Length), out HepPacket before, out _)
                && after.Payload.SequenceEqual(before.Payload) && (after.Seconds == before.Seconds || after.Seconds == Math.Min(before.Seconds + 3_600L, uint.MaxValue)));
        }

        return Outcome.Taken($"{Math.Min(recording.Packets.Count, 10)}");
    }
}
