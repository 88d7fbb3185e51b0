using System.Buffers.Binary;
using System.Text;
using HepBridge.Commands.Checking;
using HepBridge.Commands.Replaying;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>A recording that 'replay' is to play: refused with one sentence, or every frame and every moment lies where it says.</summary>
internal sealed class RecordingTarget() : FuzzTarget("recording", "recordings of the event socket, as 'replay' reads them")
{
    private readonly Mutation[] _own = [.. TextMutations.All, TextMutations.HeaderNumber("Content-Length"), TextMutations.Words("Event-Date-Timestamp: ", "Event-Name", "Unique-ID: x\n", "Content-Type: text/event-xml\n", "variable_x_stamp: 2026-11-22%2002%3A29%3A54\n")];

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

/// <summary>A recording of datagrams: refused with one sentence, or a recording of the event socket comes out.</summary>
internal sealed class DatagramRecordingTarget() : FuzzTarget("frames", "recordings of multicast datagrams, as 'replay' reads them")
{
    public override IReadOnlyList<byte[]> Corpus { get; } = [.. Datagrams.Read("plain").Chunk(3).Take(40).Select(Framed)];

    public override Outcome Run(byte[] input)
    {
        byte[] events;
        try
        {
            events = DatagramRecording.ToEventSocket([.. input]);
        }
        catch (RecordingException)
        {
            return Outcome.Refused("no datagrams");
        }

        int frames = RecordedFrames.Frames(events).Count;
        Rule.Holds(frames > 0 == input.Length > 0);
        Rule.Holds(RecordedFrames.Frames(events).Sum(frame => frame.Length) == events.Length);
        return Outcome.Taken($"{frames}");
    }

    private static byte[] Framed(byte[][] datagrams)
    {
        List<byte> framed = [];
        byte[] length = new byte[4];
        foreach (byte[] datagram in datagrams)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, datagram.Length);
            framed.AddRange(length);
            framed.AddRange(datagram);
        }

        return [.. framed];
    }
}

/// <summary>When which byte of a recording came: refused with one sentence, or a time for every byte.</summary>
internal sealed class ReadTimesTarget() : FuzzTarget("reads", "the times of a recording's reads (.reads.jsonl)")
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
            ReadTimes times = ReadTimes.Parse(lines);
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

/// <summary>mod_sofia's configuration as 'check' asks the switch for it: read, or not that.</summary>
internal sealed class SofiaTarget() : FuzzTarget("sofia", "mod_sofia's configuration as 'check' reads it")
{
    private readonly Mutation[] _own = [.. TextMutations.All, TextMutations.Words("<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&#0;", "<![CDATA[", "<param name=\"sip-capture\" value=\"1\"/>", "</profile>")];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        """
        <configuration name="sofia.conf" description="sofia Endpoint">
          <global_settings><param name="log-level" value="0"/><param name="capture-server" value="udp:127.0.0.1:9060;hep=3;capture_id=100"/></global_settings>
          <profiles>
            <profile name="internal"><settings><param name="rtcp-audio-interval-msec" value="5000"/><param name="sip-capture" value="yes"/></settings></profile>
            <profile name="external"><settings><param name="rtcp-audio-interval-msec" value="passthru"/></settings></profile>
          </profiles>
        </configuration>
        """u8.ToArray(),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        if (SofiaSettings.Parse(Encoding.UTF8.GetString(input)) is not { } settings)
        {
            return Outcome.Refused("something else");
        }

        int found = settings.Profiles.Count(profile => profile.HasRtcp) + settings.Profiles.Count(profile => profile.Captures || profile.IsPassthru);
        return Outcome.Taken($"{Math.Min(settings.Profiles.Count, 5)} {Math.Min(found, 10)} {settings.CaptureServer is null}");
    }
}
