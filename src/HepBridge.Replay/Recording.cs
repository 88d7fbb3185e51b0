using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Replay;

/// <summary>A recorded event socket stream, switch to client, in memory: its events and log lines, their times, and its channels.</summary>
internal sealed class Recording
{
    private static readonly SearchValues<byte> _nameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);

    private Recording(byte[] bytes, bool isJson, RecordedFrame[] frames, TimeField[] fields, RecordedChannels channels)
    {
        (Bytes, IsJson, Frames, Fields, Channels) = (bytes, isJson, frames, fields, channels);
    }

    /// <summary>The recorded bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>Whether its events are JSON; plain otherwise. A recording has one form.</summary>
    public bool IsJson { get; }

    /// <summary>Its events and log lines in order. Answers and notices of the recorded dialogue are left out.</summary>
    public IReadOnlyList<RecordedFrame> Frames { get; }

    /// <summary>Where moments are written, in order.</summary>
    public IReadOnlyList<TimeField> Fields { get; }

    /// <summary>What the recording ends inside of, which is not played: "CHANNEL_DESTROY at byte 1234"; null: it ends with a whole frame.</summary>
    public string? CutEvent { get; private init; }

    /// <summary>Which channels were there when.</summary>
    public RecordedChannels Channels { get; }

    /// <summary>Reads <c>NAME.bin</c> or <c>NAME.bin.gz</c>, and <c>NAME.reads.jsonl</c> beside it if there is one; or datagrams, <c>NAME.frames</c>, packed or not.</summary>
    /// <exception cref="RecordingException">It is no such file.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static Recording Load(string path)
    {
        byte[] bytes;
        using (FileStream file = File.OpenRead(path))
        {
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }

        // By content: files get renamed.
        if (bytes is [0x1f, 0x8b, ..])
        {
            using MemoryStream packed = new(bytes);
            bytes = Unpack(packed);
        }

        return DatagramRecording.IsOne(path) ? Parse(DatagramRecording.ToEventSocket(bytes)) : Parse(bytes, RecordingTimestamps.LoadBeside(path));
    }

    /// <summary>The recording that <c>demo</c> plays; it is part of the program.</summary>
    public static Recording LoadDemo()
    {
        using Stream packed = typeof(Recording).Assembly.GetManifestResourceStream("demo.bin.gz")!;
        return Parse(Unpack(packed));
    }

    /// <summary>The same from memory. Without <paramref name="times"/> the events' own times are the pace.</summary>
    /// <exception cref="RecordingException">These bytes are no such stream.</exception>
    public static Recording Parse(byte[] bytes, RecordingTimestamps? times = null)
    {
        List<RecordedFrame> frames = [];
        List<TimeField> fields = [];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        bool? json = null;
        long time = 0;
        int at = 0;
        string? cut = null;
        while (at < bytes.Length)
        {
            if (!EslFraming.TryRead(bytes.AsSpan(at), int.MaxValue, out EslFrame frame, out int length, out EslFrameError error))
            {
                if (error != EslFrameError.None)
                {
                    throw new RecordingException($"byte {at} begins no frame of an event socket ({error}): a recording is the raw bytes that the switch sent, as 'record' writes them.");
                }

                // The recording ends inside a frame, as a connection does that is cut.
                cut = DescribeCut(bytes.AsSpan(at), at);
                break;
            }

            int offset = at + length - frame.Bytes.Length;
            at += length;
            if (!frame.IsEventOrLog)
            {
                continue;
            }

            if (frame.ContentType == EslContentType.EventXml)
            {
                throw new RecordingException("it holds events in XML: only plain and JSON recordings can be played.");
            }

            int firstField = fields.Count;
            int header = frame.Bytes.Length - frame.Body.Length;
            if (frame.ContentType == EslContentType.LogData)
            {
                if (TimeField.IsDate(frame.Body))
                {
                    fields.Add(new TimeField(offset + header, TimeFieldKind.Date));
                }

                int level = frame.TryGetHeader("Log-Level"u8, out ReadOnlySpan<byte> text) && Utf8Parser.TryParse(text, out int number, out _) ? number : 7;
                time = Math.Max(time, times?.At(at) ?? 0);
                frames.Add(new RecordedFrame(offset, frame.Bytes.Length, header, "", "", level, time, firstField, fields.Count - firstField));
                continue;
            }

            bool isJson = frame.ContentType == EslContentType.EventJson;
            if (isJson != (json ??= isJson))
            {
                throw new RecordingException("it holds plain and JSON events: a recording has one form.");
            }

            RecordedEvent read = RecordedEvent.Read(frame.Body, isJson, offset + header, fields);
            time = Math.Max(time, times?.At(at) ?? read.Time);
            frames.Add(new RecordedFrame(
                offset, frame.Bytes.Length, header, Shared(read.Name), Shared(read.Subclass), -1, time, firstField, fields.Count - firstField));
        }

        if (frames.Count == 0)
        {
            throw new RecordingException("it holds no event.");
        }

        RecordedFrame[] all = WithTimes(frames);
        return new Recording(bytes, json ?? false, all, [.. fields], RecordedChannels.Find(bytes, all, json ?? false)) { CutEvent = cut };

        string Shared(string text)
        {
            if (names.TryGetValue(text, out string? known))
            {
                return known;
            }

            names.Add(text, text);
            return text;
        }
    }

    private static string DescribeCut(ReadOnlySpan<byte> rest, int at)
    {
        int plain = rest.IndexOf("\nEvent-Name: "u8);
        int json = rest.IndexOf("\"Event-Name\":\""u8);
        ReadOnlySpan<byte> value = plain >= 0 ? rest[(plain + 13)..] : json >= 0 ? rest[(json + 14)..] : default;
        int end = value.IndexOfAnyExcept(_nameBytes);
        string name = Encoding.ASCII.GetString(end < 0 ? value : value[..end]);
        name = name.Length == 0 ? "an event" : name;
        return string.Create(CultureInfo.InvariantCulture, $"{name} at byte {at}");
    }

    /// <summary>Log lines before the first event, which have no time of their own, go with it.</summary>
    private static RecordedFrame[] WithTimes(List<RecordedFrame> frames)
    {
        long first = frames.Select(static frame => frame.Time).FirstOrDefault(static time => time > 0);
        return [.. frames.Select(frame => frame.Time > 0 ? frame : frame with { Time = first })];
    }

    /// <summary>The body of a frame.</summary>
    public ReadOnlySpan<byte> BodyOf(in RecordedFrame frame) => Bytes.AsSpan(frame.BodyOffset, frame.BodyLength);

    /// <summary>A header of an event, decoded; empty if it has none.</summary>
    public string HeaderOf(in RecordedFrame frame, ReadOnlySpan<byte> name)
    {
        RecordedHeaders headers = new(BodyOf(frame), IsJson);
        while (headers.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(headers.Name, name))
            {
                return RecordedEvent.Decode(headers.Value, IsJson);
            }
        }

        return "";
    }

    private static byte[] Unpack(Stream packed)
    {
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>A file that isn't a recording of an event socket; the message says why.</summary>
internal sealed class RecordingException(string message) : Exception(message);
