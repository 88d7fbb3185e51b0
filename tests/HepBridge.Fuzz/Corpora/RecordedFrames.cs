using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Fuzz.Corpora;

/// <summary>Parts of recorded event socket streams.</summary>
internal static class RecordedFrames
{
    /// <summary>The demo's plain recording.</summary>
    public static byte[] Plain { get; } = RepositoryFiles.Read("examples", "captures", "esl-plain.bin.gz");

    public static byte[] Narrow { get; } = RepositoryFiles.Capture("esl", "esl-narrow.bin.gz");

    public static byte[] Json { get; } = RepositoryFiles.Capture("esl", "esl-json.bin.gz");

    public static byte[] Log { get; } = RepositoryFiles.Capture("esl", "esl-log.bin.gz");

    /// <summary>Events re-fired by a second switch.</summary>
    public static byte[] Refired { get; } = RepositoryFiles.Capture("esl", "esl-multicast-refire.bin.gz");

    /// <summary>Every complete frame of a stream.</summary>
    public static List<byte[]> Frames(byte[] stream)
    {
        List<byte[]> frames = [];
        int at = 0;
        while (EslFraming.TryRead(stream.AsSpan(at), int.MaxValue, out EslFrame frame, out int length, out _))
        {
            frames.Add(frame.Bytes.ToArray());
            at += length;
        }

        return frames;
    }

    /// <summary>The bytes of one event of each kind and approximate length, as a parser gets them.</summary>
    public static List<byte[]> Events(byte[] stream, EventEncoding encoding)
    {
        List<byte[]> events = [];
        HashSet<(EventKind, int)> seen = [];
        EventParser parser = new();
        foreach (byte[] bytes in Frames(stream))
        {
            EslFraming.TryRead(bytes, int.MaxValue, out EslFrame frame, out _, out _);
            ReadOnlySpan<byte> found = (frame.ContentType, encoding) switch
            {
                (EslContentType.EventPlain, EventEncoding.Plain) or (EslContentType.EventJson, EventEncoding.Json) => frame.Body,
                (EslContentType.LogData, EventEncoding.Log) => frame.Bytes,
                _ => default,
            };
            if (parser.TryParse(found, encoding, out FreeSwitchEvent parsed, out _) && seen.Add((parsed.Kind, found.Length / 256)))
            {
                events.Add(found.ToArray());
            }
        }

        return events;
    }

    /// <summary>Pieces of a stream of about this many bytes, each starting with a frame.</summary>
    public static List<byte[]> Pieces(byte[] stream, int length, int count)
    {
        List<byte[]> frames = Frames(stream);
        List<byte[]> pieces = [];
        int step = Math.Max(1, frames.Count / count);
        for (int first = 0; first < frames.Count && pieces.Count < count; first += step)
        {
            List<byte> piece = [];
            for (int i = first; i < frames.Count && (piece.Count == 0 || piece.Count + frames[i].Length <= length); i++)
            {
                piece.AddRange(frames[i]);
            }

            pieces.Add([.. piece]);
        }

        return pieces;
    }
}
