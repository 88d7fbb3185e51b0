using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>How to read the files of one path.</summary>
/// <param name="MaxLine">Longest line, and longest multi-line record, in bytes.</param>
/// <param name="RecordBegin">Matches the first line of a multi-line record; null: each line is a record.</param>
internal sealed record LogFileOptions(int MaxLine, Regex? RecordBegin);

/// <summary>Receives the records of followed files.</summary>
internal interface ILogRecordHandler
{
    /// <summary>One record: a line, or several joined by line breaks.</summary>
    /// <param name="path">The file's name when it was found.</param>
    /// <param name="record">Its text; invalid UTF-8 became U+FFFD.</param>
    /// <param name="cutBytes">How many bytes beyond <c>max_line</c> were left out.</param>
    void OnRecord(string path, string record, long cutBytes);
}

/// <summary>One open file: reads new data, whatever the file's name by now, and joins lines into records.</summary>
internal sealed class FollowedFile(string path, SafeFileHandle handle, ContentMark mark, ContentWindow window, LogFileOptions options, ILogRecordHandler records)
    : ILineHandler, IDisposable
{
    private readonly LineAssembler _lines = new(options.MaxLine);
    private readonly StringBuilder _record = new();
    private ContentMark _resumeMark = mark;
    private long _lineEnd = mark.Offset;
    private long _recordStart;
    private long _recordCut;

    /// <summary>The name it was found under; updated while it has one of the followed names.</summary>
    public string Path { get; set; } = path;

    /// <summary>The followed name that its position is saved under: its own, or the one that a rotation took it from.</summary>
    public string FollowedAs { get; set; } = path;

    public SafeFileHandle Handle => handle;

    public FileIdentity Identity { get; } = FileIdentity.Of(handle);

    /// <summary>What was read so far: position and content.</summary>
    public ContentMark Mark { get; private set; } = mark;

    private long RecordEnd => HasRecord ? _recordStart : _lineEnd;

    /// <summary>Whether a multi-line record is still open.</summary>
    public bool HasRecord => _record.Length > 0;

    /// <summary>When the file last grew; set by the reader.</summary>
    public long LastGrowth { get; set; }

    /// <summary>When it was last checked, less the imprecision of write times.</summary>
    public DateTime CheckedUtc { get; set; }

    /// <summary>Whether earlier content may have been copied and truncated unread: none of it was read, and it was written since the last check.</summary>
    public bool MayHideContent => Mark.Offset == 0 && File.GetLastWriteTimeUtc(handle) >= CheckedUtc;

    /// <summary>Opens a file without preventing other programs from writing, renaming or deleting it.</summary>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its permissions forbid it.</exception>
    public static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Follows an open file from a position; null if the file is shorter.</summary>
    public static FollowedFile? From(string path, SafeFileHandle handle, long offset, LogFileOptions options, ILogRecordHandler records) =>
        ContentMark.At(handle, offset) is { } mark && ContentWindow.At(handle, offset) is { } window ? new FollowedFile(path, handle, mark, window, options, records) : null;

    /// <summary>Whether the content read so far is gone: the file was truncated, and may have grown since.</summary>
    public bool IsTruncated() => !Mark.Matches(Handle);

    /// <summary>Reads at most one buffer of new data and passes on the records that it completes. False if there was none.</summary>
    public bool Read(Span<byte> buffer)
    {
        int count = RandomAccess.Read(Handle, buffer, Mark.Offset);
        if (count == 0 || IsTruncated())
        {
            // Truncated and grown past the position since the last check: these bytes may start in the middle of a line.
            return false;
        }

        _lines.Append(buffer[..count], this);
        Mark = Mark.After(window, buffer[..count]);
        return true;
    }

    /// <summary>Where to resume after a restart: after the last complete record. An earlier one if the file has just been truncated: its bytes are gone.</summary>
    public ContentMark MoveResumeMark()
    {
        if (RecordEnd == Mark.Offset)
        {
            _resumeMark = Mark;
        }
        else if (RecordEnd != _resumeMark.Offset && ContentMark.At(Handle, RecordEnd) is { } mark && !IsTruncated())
        {
            _resumeMark = mark;
        }

        return _resumeMark;
    }

    /// <summary>Reads the rest from another file with the same content, the copy made by a rotation. Returns where that file ends.</summary>
    public long ReadCopy(SafeFileHandle copy, Span<byte> buffer)
    {
        long offset = Mark.Offset;
        while (RandomAccess.Read(copy, buffer, offset) is > 0 and int count)
        {
            _lines.Append(buffer[..count], this);
            offset += count;
        }

        return offset;
    }

    /// <summary>Starts over at the beginning after a truncation: discards an unfinished line.</summary>
    public void Rewind()
    {
        Flush();
        Mark = ContentMark.Beginning;
        window.Clear();
        _lineEnd = 0;
    }

    /// <summary>Passes on the unfinished last line and record: they will not be continued.</summary>
    public void Flush()
    {
        _lines.Flush(this);
        FlushRecord();
    }

    /// <summary>Passes on a multi-line record that has not been continued for a while.</summary>
    public void FlushRecord()
    {
        if (HasRecord)
        {
            string record = _record.ToString();
            long cut = _recordCut;
            _record.Clear();
            _recordCut = 0;
            records.OnRecord(Path, record, cut);
        }
    }

    public void Dispose() => Handle.Dispose();

    void ILineHandler.OnLine(ReadOnlySpan<byte> line, long cutBytes, long length)
    {
        long start = _lineEnd;
        _lineEnd += length;
        if (line.IsEmpty && cutBytes == 0 && !HasRecord)
        {
            return;
        }

        string text = Encoding.UTF8.GetString(line);
        if (options.RecordBegin is null)
        {
            records.OnRecord(Path, text, cutBytes);
            return;
        }

        if (!HasRecord || options.RecordBegin.IsMatch(text) || _record.Length + text.Length >= options.MaxLine)
        {
            FlushRecord();
            _recordStart = start;
        }
        else
        {
            _record.Append('\n');
        }

        _record.Append(text);
        _recordCut += cutBytes;
    }
}

/// <summary>Opens files, and reports each one that cannot be read once.</summary>
internal sealed class LogFileOpener(ILogFileEvents events)
{
    private const int MaxUnreadable = 1_000;
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Paths that exist but cannot be read.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <summary>Opens a file; null if it is gone or cannot be read.</summary>
    public SafeFileHandle? TryOpen(string path)
    {
        try
        {
            SafeFileHandle handle = FollowedFile.Open(path);
            _unreadable.Remove(path);
            return handle;
        }
        catch (FileNotFoundException)
        {
            // Renamed or deleted since the directory was read.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(path, e.Message);
            return null;
        }
    }

    /// <summary>A file could not be read.</summary>
    public void Report(string path, string problem)
    {
        if (_unreadable.Count < MaxUnreadable && _unreadable.Add(path))
        {
            events.OnUnreadable(path, problem);
        }
    }
}
