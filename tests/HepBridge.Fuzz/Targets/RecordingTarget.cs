using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Replay;

namespace HepBridge.Fuzz.Targets;

/// <summary>A recording for 'replay': rejected with one sentence, or every frame and time is where it claims to be.</summary>
internal sealed class RecordingTarget() : FuzzTarget("recording", "recordings of the event socket, as 'replay' reads them")
{
    private readonly Mutation[] _own = [
        .. TextMutations.All, TextMutations.HeaderNumber("Content-Length"),
        TextMutations.Words("Event-Date-Timestamp: ", "Event-Name", "Unique-ID: x\n", "Content-Type: text/event-xml\n", "variable_x_stamp: 2026-11-22%2002%3A29%3A54\n"),
    ];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. RecordedFrames.Pieces(RecordedFrames.Narrow, 12_000, 20), .. RecordedFrames.Pieces(RecordedFrames.Json, 12_000, 20),
        .. RecordedFrames.Pieces(RecordedFrames.Refired, 12_000, 10), .. RecordedFrames.Pieces(RecordedFrames.Log, 2_000, 10),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        Recording recording;
        try
        {
            recording = Recording.Parse(input);
        }
        catch (RecordingException e)
        {
            Rule.Holds(e.Message.Length > 0 && !e.Message.Contains('\n', StringComparison.Ordinal));
            return Outcome.Refused("no recording");
        }

        int end = 0;
        int field = 0;
        long time = 0;
        for (int i = 0; i < recording.Frames.Count; i++)
        {
            RecordedFrame frame = recording.Frames[i];
            Rule.Holds(frame.Offset >= end && frame.BodyLength >= 0 && frame.HeaderLength > 0);
            end = frame.Offset + frame.Length;
            Rule.Holds(end <= input.Length);
            Rule.Holds(frame.FirstField == field && frame.Time >= time);
            field += frame.FieldCount;
            time = frame.Time;
            CheckFields(recording, frame);
            string id = frame.IsLog ? "" : recording.HeaderOf(frame, "unique-id"u8);
            Rule.Holds(recording.Channels.LastOf(id, i) < recording.Frames.Count);
        }

        Rule.Holds(field == recording.Fields.Count);
        return Outcome.Taken($"{Math.Min(recording.Frames.Count, 10)} {recording.IsJson} {recording.Channels.At(recording.Frames.Count).Count()}");
    }

    private static void CheckFields(Recording recording, in RecordedFrame frame)
    {
        byte[] copy = recording.Bytes.AsSpan(frame.Offset, frame.Length).ToArray();
        for (int i = frame.FirstField; i < frame.FirstField + frame.FieldCount; i++)
        {
            TimeField field = recording.Fields[i];
            int length = TimeField.LengthOf(field.Kind);
            Rule.Holds(field.Offset >= frame.BodyOffset && field.Offset + length <= frame.Offset + frame.Length);
            Span<byte> text = copy.AsSpan(field.Offset - frame.Offset, length);
            TimeField.Move(text, field.Kind, 86_400);
            TimeField.Move(text, field.Kind, -86_400);
        }
    }
}
