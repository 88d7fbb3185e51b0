using HepBridge.Collector.Receiving;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;

namespace HepBridge.Fuzz.Targets;

/// <summary>A stream of HEP3 packets: the same packets in any segmentation, and the file reader stops where the framer does.</summary>
internal sealed class HepStreamTarget() : FuzzTarget("hep-stream", "streams of HEP3 packets, whole and in random segments"), IHepHandler
{
    private readonly List<int> _ends = [];
    private long _handled;

    public override IReadOnlyList<byte[]> Corpus => HepPackets.Streams;

    protected override IEnumerable<Mutation> OwnMutations => HepMutations.All;

    public override Outcome Run(byte[] input)
    {
        _ends.Clear();
        int at = 0;
        HepFrame last = HepFrame.NeedMore;
        while (at < input.Length && (last = HepStreamFramer.Next(input.AsSpan(at), out int length)) == HepFrame.Packet)
        {
            at += length;
            _ends.Add(at);
        }

        last = at == input.Length ? HepFrame.NeedMore : last;
        Dice dice = Dice.For(input);
        int start = 0;
        int frames = 0;
        HepFrame state = HepFrame.NeedMore;
        for (int end = 0; end < input.Length && state == HepFrame.NeedMore;)
        {
            end = Math.Min(input.Length, end + 1 + dice.Next(3_000));
            while (start < end && (state = HepStreamFramer.Next(input.AsSpan(start..end), out int length)) == HepFrame.Packet)
            {
                start += length;
                Rule.Holds(frames < _ends.Count && _ends[frames] == start);
                frames++;
            }

            state = start == end ? HepFrame.NeedMore : state;
        }

        Rule.Holds(frames == _ends.Count && state == last);
        _handled = 0;
        bool whole = HepStreamFile.TryRead(input, this, out string problem);
        Rule.Holds(whole == (at == input.Length) && _handled == frames && whole == (problem.Length == 0));
        return frames > 0 ? Outcome.Taken($"{Math.Min(frames, 10)} {last}") : Outcome.Refused($"{last}");
    }

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender) => _handled++;

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => _handled++;
}
