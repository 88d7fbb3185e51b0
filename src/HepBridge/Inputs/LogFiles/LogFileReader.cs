using System.Globalization;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Configuration.Values;

namespace HepBridge.Inputs.LogFiles;

/// <summary>A line, or record, that belongs to a call.</summary>
/// <param name="CallId">Its SIP Call-ID; if empty, <paramref name="Uuid"/> identifies the call.</param>
/// <param name="Uuid">Its FreeSWITCH channel; empty: none.</param>
/// <param name="UnixMicroseconds">Its own time; 0: now.</param>
/// <param name="Level">Its level, numbered as in FreeSWITCH; 0 if it has none.</param>
/// <param name="Text">UTF-8.</param>
/// <param name="Tail">Tag, host and file; kept if the text is truncated.</param>
internal readonly record struct LogLine(byte[] CallId, byte[] Uuid, long UnixMicroseconds, int Level, byte[] Text, byte[] Tail);

/// <summary>Reads the files of one source and finds each line's call.</summary>
internal sealed class LogFileReader : ILogRecordHandler, IDisposable
{
    private readonly LogFilePaths _paths;
    private readonly TimeProvider _time;

    public LogFileReader(LogFileSource source, int maxLine, IReadOnlyList<LogFilePosition> positions, ILogFileEvents events, TimeProvider time)
    {
        Source = source;
        _time = time;
        _paths = new LogFilePaths(source.Path);
        Follower = new LogFileFollower(_paths, new LogFileOptions(maxLine, source.RecordBegin), positions, this, events, time);
    }

    /// <summary>Patterns and settings; replaced on reload.</summary>
    public LogFileSource Source { get; set; }

    public string Directory => _paths.Directory;

    /// <summary>Lines read but not yet reported.</summary>
    public List<LogLine> Lines { get; } = [];

    /// <summary>Lines that match no pattern.</summary>
    public long WithoutCall { get; private set; }

    /// <summary>Lines truncated to <c>max_line</c>.</summary>
    public long Cut { get; private set; }

    public LogFileFollower Follower { get; }

    /// <summary>Why it cannot follow every file, and what to do; null if it can.</summary>
    public string? Problem =>
        Follower.Unreadable.FirstOrDefault() is { } path ? $"{path} can't be read: give HepBridge's user the right to read it."
        : Follower.HasTooMany ? string.Create(CultureInfo.InvariantCulture, $"{Source.Path} matches more than {FollowedFiles.MaxFiles} files, and the others are not read: narrow it.")
        : Follower.Following == 0 ? $"{Source.Path} does not exist yet."
        : null;

    /// <summary>Reads at most one buffer of each file into <see cref="Lines"/>. True if there may be more.</summary>
    public bool Read() => Follower.Poll(rounds: 1);

    public void Dispose() => Follower.Dispose();

    void ILogRecordHandler.OnRecord(string path, string record, long cutBytes)
    {
        Cut += cutBytes > 0 ? 1 : 0;
        foreach (LogPattern pattern in Source.Patterns)
        {
            if (pattern.TryMatch(record, out LogMatch match))
            {
                Lines.Add(Make(path, record, cutBytes, match));
                return;
            }
        }

        WithoutCall++;
    }

    private LogLine Make(string path, string record, long cutBytes, LogMatch match)
    {
        long time = match.Time.IsEmpty ? 0 : LogLineTime.Read(match.Time, Source.TimeFormat, _time.GetLocalNow()) ?? -1;
        int level = match.Level.IsEmpty ? 0 : LogLevelName.Find(match.Level) ?? 0;
        string cut = cutBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $" …[{cutBytes} bytes cut]") : "";
        string tag = Source.Tag.Length > 0 ? $"tag={Word(Source.Tag)} " : "";
        string host = Source.Host.Length > 0 ? $"host={Word(Source.Host)} " : "";
        string tail = $"{cut}; {tag}{host}file={Word(Path.GetFileName(path))}";
        return new LogLine(Bytes(match.CallId), Bytes(match.Uuid), time, level, Encoding.UTF8.GetBytes(record), Encoding.UTF8.GetBytes(tail));
    }

    // One word in the line's tail: it must not look like another field.
    private static string Word(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is ' ' or ';' or '=' or '\\' ? '_' : c));

    private static byte[] Bytes(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}

/// <summary>Level names in log files, mapped to FreeSWITCH's numbers: 0 console, 1 alert, 2 crit, 3 err, 4 warning, 5 notice, 6 info, 7 debug.</summary>
internal static class LogLevelName
{
    private static readonly (string Name, int Level)[] _names =
    [
        ("console", 0), ("emerg", 0), ("alert", 1), ("crit", 2), ("fatal", 2), ("err", 3), ("warn", 4), ("notice", 5), ("info", 6), ("debug", 7), ("trace", 7), ("verbose", 7),
    ];

    /// <summary>The level of a name or of a longer form of it (<c>ERROR</c>, <c>Critical</c>), or of a digit; null if unknown.</summary>
    public static int? Find(ReadOnlySpan<char> text)
    {
        if (text is [>= '0' and <= '7' and char digit])
        {
            return digit - '0';
        }

        foreach ((string name, int level) in _names)
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return level;
            }
        }

        return null;
    }
}
