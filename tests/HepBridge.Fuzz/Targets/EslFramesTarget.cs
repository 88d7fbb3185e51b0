using HepBridge.FreeSwitch.Esl;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>An event socket stream: however it is segmented, it gives the same frames and the same error, and frames are contiguous.</summary>
internal sealed class EslFramesTarget() : FuzzTarget("esl-frames", "the event socket's stream, whole and in random segments")
{
    private const int MaxFrame = 64 * 1024;
    private readonly Mutation[] _own =
    [
        .. TextMutations.All, TextMutations.HeaderNumber("Content-Length"), TextMutations.HeaderNumber("Content-Length"),
        TextMutations.Words("Content-Length: 5\n", "content-length:7\n", "Content-Type: ", "text/event-plain", "text/event-json", "log/data", "api/response", "\n\n", "Content-Length: 0\n"),
    ];

    private readonly List<int> _ends = [];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. RecordedFrames.Pieces(RecordedFrames.Narrow, 8_000, 20), .. RecordedFrames.Pieces(RecordedFrames.Json, 8_000, 10),
        .. RecordedFrames.Pieces(RecordedFrames.Log, 3_000, 10), .. RecordedFrames.Pieces(RecordedFrames.Refired, 8_000, 10),
        RepositoryFiles.Capture("esl", "esl-badauth.bin"), RepositoryFiles.Capture("esl", "esl-rude-rejection.bin"), RecordedFrames.Plain[..1_500],
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        _ends.Clear();
        int at = 0;
        EslFrameError error;
        while (EslFraming.TryRead(input.AsSpan(at), MaxFrame, out EslFrame frame, out int length, out error))
        {
            Check(frame, input.AsSpan(at, length));
            at += length;
            _ends.Add(at);
        }

        ReadInSegments(input, error);
        return _ends.Count > 0 ? Outcome.Taken($"{Math.Min(_ends.Count, 20)} {error}") : Outcome.Refused($"{error}");
    }

    private static void Check(in EslFrame frame, ReadOnlySpan<byte> bytes)
    {
        Rule.Holds(frame.Bytes.Length <= MaxFrame);
        Rule.Holds(!bytes[..^frame.Bytes.Length].ContainsAnyExcept((byte)'\n', (byte)'\r'));
        Rule.Same(bytes[^frame.Bytes.Length..], frame.Bytes, "a frame is the stream's own bytes");
        Rule.Holds(frame.Headers.IsEmpty || frame.Headers[^1] == '\n');
        if (frame.TryGetHeader("Content-Length"u8, out ReadOnlySpan<byte> stated))
        {
            Rule.Holds(int.TryParse(stated, out int body) && body == frame.Body.Length);
        }
        else
        {
            Rule.Holds(frame.Body.IsEmpty);
        }

        if (!frame.IsEventOrLog)
        {
            EslReply reply = EslReply.From(frame);
            Rule.Holds(!reply.Text.Any(char.IsControl));
            Rule.Holds(reply.Body.Length == frame.Body.Length);
        }
    }

    private void ReadInSegments(byte[] input, EslFrameError expected)
    {
        Dice dice = Dice.For(input);
        int largest = dice.OneIn(4) ? 3 : dice.OneIn(2) ? 200 : 5_000;
        if (input.Length > 20_000)
        {
            largest = Math.Max(largest, input.Length / 50);
        }

        using EslFrameReader reader = new(MaxFrame, 1 + dice.Next(4_000));
        int at = 0;
        int frames = 0;
        int end = 0;
        while (at < input.Length && reader.Error == EslFrameError.None)
        {
            Span<byte> memory = reader.GetMemory().Span;
            int count = Math.Min(Math.Min(memory.Length, input.Length - at), 1 + dice.Next(largest));
            input.AsSpan(at, count).CopyTo(memory);
            reader.Advance(count);
            at += count;
            while (reader.TryRead(out EslFrame frame))
            {
                Rule.Holds(frames < _ends.Count);
                Rule.Holds(at - reader.Buffered == _ends[frames]);
                end = _ends[frames++];
                Rule.Same(input.AsSpan(end - frame.Bytes.Length, frame.Bytes.Length), frame.Bytes, "a frame in segments is the frame in one piece");
            }
        }

        Rule.Holds(frames == _ends.Count);
        Rule.Holds(reader.Error == expected);
    }
}
