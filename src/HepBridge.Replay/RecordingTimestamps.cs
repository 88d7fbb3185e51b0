using System.Text.Json;

namespace HepBridge.Replay;

/// <summary>When each byte of a recording was received: <c>NAME.reads.jsonl</c>, one line per read, <c>{"o": offset, "t": epoch seconds, "n": length}</c>.</summary>
internal sealed class RecordingTimestamps(long[] ends, long[] times)
{
    /// <summary>The file's name for a recording.</summary>
    public static string PathFor(string recording)
    {
        string path = recording.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? recording[..^3] : recording;
        return (path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path) + ".reads.jsonl";
    }

    /// <summary>Reads the file next to a recording; null if there is none.</summary>
    /// <exception cref="RecordingException">A line is not such an object.</exception>
    public static RecordingTimestamps? LoadFor(string recording)
    {
        string path = PathFor(recording);
        return File.Exists(path) ? Parse(File.ReadLines(path)) : null;
    }

    /// <summary>The same from lines.</summary>
    public static RecordingTimestamps Parse(IEnumerable<string> lines)
    {
        List<long> ends = [];
        List<long> times = [];
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            try
            {
                using JsonDocument read = JsonDocument.Parse(line);
                ends.Add(read.RootElement.GetProperty("o").GetInt64() + read.RootElement.GetProperty("n").GetInt64());
                times.Add((long)(read.RootElement.GetProperty("t").GetDecimal() * 1_000_000));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
            {
                throw new RecordingException($"line {number} of its .reads.jsonl isn't {{\"o\": offset, \"t\": seconds, \"n\": length}}: remove that file to play at the pace of the events' times.");
            }
        }

        return new RecordingTimestamps([.. ends], [.. times]);
    }

    /// <summary>When the byte before <paramref name="offset"/> arrived, in microseconds since 1970; 0 if unknown.</summary>
    public long At(long offset)
    {
        int index = Array.BinarySearch(ends, offset);
        index = index < 0 ? ~index : index;
        return index < times.Length ? times[index] : 0;
    }
}
