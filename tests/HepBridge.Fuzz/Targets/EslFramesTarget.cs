using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>The event socket's stream: cut anywhere it gives the same frames and the same error, and frames lie end to end.</summary>
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

/// <summary>The answer to <c>show channels as json</c>: ids that can stand in a command, or none.</summary>
internal sealed class ChannelListTarget() : FuzzTarget("channel-list", "the answer to 'show channels as json'")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        """{"row_count":0}"""u8.ToArray(),
        Encoding.UTF8.GetBytes("""
            {"row_count":2,"rows":[{"uuid":"1b1a0b7e-0b2c-4f0a-9f3e-2f6f3a1c0c11","direction":"inbound","created":"2026-11-22 02:29:54","created_epoch":"1795314594","name":"sofia/internal/1000@10.99.0.1","state":"CS_EXECUTE","cid_name":"Alice \"A\"","cid_num":"1000","callstate":"ACTIVE","call_uuid":""},
            {"uuid":"674fce7b-37a5-4704-a5cd-25a82779a651","direction":"outbound","name":"sofia/internal/1001@10.99.0.12:5060","callee_name":"","call_uuid":"1b1a0b7e-0b2c-4f0a-9f3e-2f6f3a1c0c11"}]}
            """),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        if (!ChannelList.TryRead(input, out List<string> channels))
        {
            return Outcome.Refused("not a list");
        }

        Rule.Holds(channels.All(id => id.Length > 0 && id.AsSpan().IndexOfAny("\r\n \0") < 0));
        return Outcome.Taken($"{Math.Min(channels.Count, 5)}");
    }
}
