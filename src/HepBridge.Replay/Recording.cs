using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Replay;

/// <summary>A recorded event socket stream (switch to client) in memory: its events and log lines, their times, and its channels.</summary>
internal sealed class Recording(byte[] bytes, bool isJson, RecordedFrame[] frames, TimeField[] fields, RecordedChannels channels)
{
    private static readonly SearchValues<byte> _nameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);

    public byte[] Bytes => bytes;

    /// <summary>Whether its events are JSON or plain. A recording has only one format.</summary>
    public bool IsJson => isJson;

    /// <summary>Its events and log lines in order, without replies and notices.</summary>
    public IReadOnlyList<RecordedFrame> Frames => frames;

    /// <summary>Positions of times, in order.</summary>
    public IReadOnlyList<TimeField> Fields => fields;

    /// <summary>The incomplete frame at the end, which is not played: "CHANNEL_DESTROY at byte 1234"; null if the recording ends with a whole frame.</summary>
    public string? CutEvent { get; private init; }

    public RecordedChannels Channels => channels;

    /// <summary>Reads <c>NAME.bin</c> or <c>NAME.bin.gz</c>, and <c>NAME.reads.jsonl</c> next to it if it exists; or datagrams, <c>NAME.frames</c>, plain or gzipped.</summary>
    /// <exception cref="RecordingException">The file is not a recording.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Recording Load(string path)
    {
        byte[] bytes = ReadFile(path);
        return DatagramRecording.IsOne(path) ? Parse(DatagramRecording.ToEventSocket(bytes)) : Parse(bytes, RecordingTimestamps.LoadFor(path));
    }

    /// <summary>The demo's recording, which is embedded in the program.</summary>
    public static Recording LoadDemo() => Parse(ReadEmbedded("demo.bin.gz"));

    /// <summary>The same from memory. Without <paramref name="times"/>, the events' own times set the pace.</summary>
    /// <exception cref="RecordingException">The bytes are not such a stream.</exception>
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
                    throw new RecordingException($"byte {at} does not start an event socket frame ({error}): a recording contains the raw bytes the switch sent, as written by 'record'.");
                }

                // The recording ends inside a frame, like a connection that was cut.
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
                throw new RecordingException("it contains XML events: only plain and JSON recordings can be played.");
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
                throw new RecordingException("it contains both plain and JSON events.");
            }

            RecordedEvent read = RecordedEvent.Read(frame.Body, isJson, offset + header, fields);
            time = Math.Max(time, times?.At(at) ?? read.Time);
            frames.Add(new RecordedFrame(
                offset, frame.Bytes.Length, header, Shared(read.Name), Shared(read.Subclass), -1, time, firstField, fields.Count - firstField));
        }

        if (frames.Count == 0)
        {
            throw new RecordingException("it contains no event.");
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
        return $"{(name.Length == 0 ? "an event" : name)} at byte {at}";
    }

    /// <summary>Log lines before the first event have no time of their own and get its time.</summary>
    private static RecordedFrame[] WithTimes(List<RecordedFrame> frames)
    {
        long first = frames.Select(static frame => frame.Time).FirstOrDefault(static time => time > 0);
        return [.. frames.Select(frame => frame.Time > 0 ? frame : frame with { Time = first })];
    }

    public ReadOnlySpan<byte> BodyOf(in RecordedFrame frame) => Bytes.AsSpan(frame.BodyOffset, frame.BodyLength);

    /// <summary>A decoded header of an event; empty if it has none.</summary>
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

    /// <summary>The first frame at least this long after the beginning, else the last one.</summary>
    public int FirstAfter(TimeSpan skip)
    {
        long time = frames[0].Time + (long)skip.TotalMicroseconds;
        int index = 0;
        while (index < frames.Length - 1 && frames[index].Time < time)
        {
            index++;
        }

        return index;
    }

    /// <summary>A file's content, unpacked if it is gzipped: by its content, because files get renamed.</summary>
    /// <exception cref="InvalidDataException">Its compression is damaged.</exception>
    public static byte[] ReadFile(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return bytes is [0x1f, 0x8b, ..] ? Unpack(new MemoryStream(bytes)) : bytes;
    }

    /// <summary>A gzipped file that is embedded in the program.</summary>
    public static byte[] ReadEmbedded(string name) => Unpack(typeof(Recording).Assembly.GetManifestResourceStream(name)!);

    private static byte[] Unpack(Stream packed)
    {
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>A file is not a recording of an event socket; the message says why.</summary>
internal sealed class RecordingException(string message) : Exception(message);

/// <summary>An event or a log line of a recording: its position, and what determines whether and when a client gets it.</summary>
/// <param name="Offset">First byte in <see cref="Recording.Bytes"/>.</param>
/// <param name="Length">Total length in bytes.</param>
/// <param name="HeaderLength">Bytes before the body.</param>
/// <param name="Name">Event-Name; empty for a log line.</param>
/// <param name="Subclass">Event-Subclass, decoded; empty if there is none.</param>
/// <param name="LogLevel">0–7 for a log line, else -1.</param>
/// <param name="Time">When it arrived, in microseconds since 1970, never before the previous frame.</param>
/// <param name="FirstField">Index of its first time in <see cref="Recording.Fields"/>.</param>
/// <param name="FieldCount">Number of its times.</param>
internal readonly record struct RecordedFrame(
    int Offset, int Length, int HeaderLength, string Name, string Subclass, int LogLevel, long Time, int FirstField, int FieldCount)
{
    public bool IsLog => LogLevel >= 0;
    public int BodyOffset => Offset + HeaderLength;
    public int BodyLength => Length - HeaderLength;
}
