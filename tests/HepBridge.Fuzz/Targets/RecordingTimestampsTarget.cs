using System.Text;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Replay;

namespace HepBridge.Fuzz.Targets;

/// <summary>Arrival times of a recording's bytes: rejected with one sentence, or a time for every byte.</summary>
internal sealed class RecordingTimestampsTarget() : FuzzTarget("reads", "the times of a recording's reads (.reads.jsonl)")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        RepositoryFiles.Capture("esl", "esl-narrow.reads.jsonl")[..2_000].AsSpan().ToArray() is var bytes ? bytes[..(bytes.AsSpan().LastIndexOf((byte)'\n') + 1)] : [],
        """{"o": 0, "t": 1795316112.510626, "n": 100}"""u8.ToArray(),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        string[] lines = Encoding.UTF8.GetString(input).TrimEnd('\n').Split('\n');
        try
        {
            RecordingTimestamps times = RecordingTimestamps.Parse(lines);
            for (long offset = -1; offset < 20_000; offset += 777)
            {
                _ = times.At(offset);
            }

            return Outcome.Taken($"{Math.Min(lines.Length, 10)}");
        }
        catch (RecordingException e)
        {
            Rule.Holds(e.Message.StartsWith("line ", StringComparison.Ordinal));
            return Outcome.Refused("no times");
        }
    }
}
