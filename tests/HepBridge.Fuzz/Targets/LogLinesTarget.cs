using HepBridge.Configuration.Values;
using HepBridge.Fuzz.Corpora;
using HepBridge.Inputs.LogFiles;

namespace HepBridge.Fuzz.Targets;

/// <summary>Bytes of a log file: the same lines however they are split, none longer than the limit, and every byte belongs to one line.</summary>
internal sealed class LogLinesTarget() : FuzzTarget("log-lines", "lines of log files, and the call that a pattern finds in them")
{
    private const int MaxLine = 256;

    private readonly LogPattern[] _patterns = [Pattern("uuid"), Pattern("callid=([^ ;]+)"), Pattern(@"^(?<uuid>[0-9a-f-]{36}) (?<time>\S+ \S+) .*?\[(?<level>[A-Z]+)\]")];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. RecordedFrames.Events(RecordedFrames.Log, FreeSwitch.Events.EventEncoding.Log).Take(100),
        "INVITE callid=a@b; x\r\n\n\0\0half a line"u8.ToArray(),
    ];

    public override Outcome Run(byte[] input)
    {
        Lines whole = new();
        LineAssembler assembler = new(MaxLine);
        assembler.Append(input, whole);
        Rule.Holds(whole.Bytes + assembler.Pending == input.Length);
        Lines split = new();
        LineAssembler pieces = new(MaxLine);
        int step = 1 + (input.Length % 7);
        for (int at = 0; at < input.Length; at += step)
        {
            pieces.Append(input.AsSpan(at, Math.Min(step, input.Length - at)), split);
        }

        assembler.Flush(whole);
        pieces.Flush(split);
        Rule.Holds(whole.All.SequenceEqual(split.All));
        int matches = whole.All.Sum(line => _patterns.Count(pattern => pattern.TryMatch(line.Text, out _)));
        return whole.All.Count == 0 ? Outcome.Refused("no line") : Outcome.Taken(matches > 0 ? "a call" : "lines");
    }

    private static LogPattern Pattern(string text) => LogPattern.TryMake(text, out LogPattern? pattern, out string problem) ? pattern! : throw new InvalidOperationException(problem);

    private sealed class Lines : ILineHandler
    {
        public List<(string Text, long Cut, long Length)> All { get; } = [];

        public long Bytes { get; private set; }

        public void OnLine(ReadOnlySpan<byte> line, long cutBytes, long length)
        {
            Rule.Holds(line.Length <= MaxLine);
            All.Add((System.Text.Encoding.UTF8.GetString(line), cutBytes, length));
            Bytes += length;
        }
    }
}
