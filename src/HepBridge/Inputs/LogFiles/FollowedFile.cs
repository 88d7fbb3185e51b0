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
internal sealed class FollowedFile : ILineHandler, IDisposable
{
    private readonly LogFileOptions _options;
    private readonly ILogRecordHandler _handler;
    private readonly LineAssembler _lines;
    private readonly StringBuilder _record = new();
    private readonly ContentWindow _window;
    private ContentMark _mark;
    private ContentMark _resumeMark;
    private long _lineEnd;
    private long _recordStart;
    private long _recordCut;

    private FollowedFile(string path, SafeFileHandle handle, ContentMark mark, ContentWindow window, LogFileOptions options, ILogRecordHandler records)
    {
        Path = path;
        FollowedAs = path;
        Handle = handle;
        Identity = FileIdentity.Of(handle);
        _mark = mark;
        _window = window;
        _lineEnd = mark.Offset;
        _resumeMark = mark;
        _options = options;
        _handler = records;
        _lines = new LineAssembler(options.MaxLine);
    }

    /// <summary>The name it was found under; updated while it has one of the followed names.</summary>
    public string Path { get; set; }

    /// <summary>The followed name that its position is saved under: its own, or the one that a rotation took it from.</summary>
    public string FollowedAs { get; set; }

    public SafeFileHandle Handle { get; }

    public FileIdentity Identity { get; }

    /// <summary>What was read so far: position and content.</summary>
    public ContentMark Mark => _mark;

    private long RecordEnd => HasRecord ? _recordStart : _lineEnd;

    /// <summary>Whether a multi-line record is still open.</summary>
    public bool HasRecord => _record.Length > 0;

    /// <summary>When the file last grew; set by the reader.</summary>
    public long LastGrowth { get; set; }

    /// <summary>Opens a file without preventing other programs from writing, renaming or deleting it.</summary>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its permissions forbid it.</exception>
    public static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Follows an open file from a position; null if the file is shorter.</summary>
    public static FollowedFile? From(string path, SafeFileHandle handle, long offset, LogFileOptions options, ILogRecordHandler records) =>
        ContentMark.At(handle, offset) is { } mark && ContentWindow.At(handle, offset) is { } window ? new FollowedFile(path, handle, mark, window, options, records) : null;

    /// <summary>Whether the content read so far is gone: the file was truncated, and may have grown since.</summary>
    public bool IsTruncated() => !_mark.Matches(Handle);

    /// <summary>Reads at most one buffer of new data and passes on the records that it completes. False if there was none.</summary>
    public bool Read(Span<byte> buffer)
    {
        int count = RandomAccess.Read(Handle, buffer, _mark.Offset);
        if (count == 0 || IsTruncated())
        {
            // Truncated and grown past the position since the last check: these bytes may start in the middle of a line.
            return false;
        }

        _lines.Append(buffer[..count], this);
        _mark = _mark.After(_window, buffer[..count]);
        return true;
    }

    /// <summary>Where to resume after a restart: after the last complete record. An earlier one if the file has just been truncated: its bytes are gone.</summary>
    public ContentMark MoveResumeMark()
    {
        if (RecordEnd == _mark.Offset)
        {
            _resumeMark = _mark;
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
        long offset = _mark.Offset;
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
        _mark = ContentMark.Beginning;
        _window.Clear();
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
            _handler.OnRecord(Path, record, cut);
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
        if (_options.RecordBegin is null)
        {
            _handler.OnRecord(Path, text, cutBytes);
            return;
        }

        if (!HasRecord || _options.RecordBegin.IsMatch(text) || _record.Length + text.Length >= _options.MaxLine)
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
