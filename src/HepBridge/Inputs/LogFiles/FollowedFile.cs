using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>How the files of one path are read.</summary>
/// <param name="MaxLine">The longest line, and the longest record of several lines, in bytes.</param>
/// <param name="RecordBegin">Matches the first line of a record of several lines; null: each line is a record.</param>
internal sealed record LogFileOptions(int MaxLine, Regex? RecordBegin);

/// <summary>Takes the records of followed files.</summary>
internal interface ILogRecordHandler
{
    /// <summary>One record: a line, or several joined by line breaks.</summary>
    /// <param name="path">The file's name when it was found.</param>
    /// <param name="record">Its text; what was no UTF-8 became U+FFFD.</param>
    /// <param name="cutBytes">How many bytes beyond <c>max_line</c> were left out.</param>
    void OnRecord(string path, string record, long cutBytes);
}

/// <summary>One open file: reads what is new, whatever name the file has by now, and joins lines to records.</summary>
internal sealed class FollowedFile : ILineHandler, IDisposable
{
    private readonly LogFileOptions _options;
    private readonly ILogRecordHandler _handler;
    private readonly LineAssembler _lines;
    private readonly StringBuilder _record = new();
    private ContentMark _mark;
    private long _lineEnd;
    private long _recordStart;
    private long _recordCut;

    private FollowedFile(string path, SafeFileHandle handle, ContentMark mark, LogFileOptions options, ILogRecordHandler records)
    {
        Path = path;
        Handle = handle;
        Identity = FileIdentity.Of(handle);
        _mark = mark;
        _lineEnd = mark.Offset;
        _options = options;
        _handler = records;
        _lines = new LineAssembler(options.MaxLine);
    }

    /// <summary>The name it was found under, kept up to date while it has one of the names that are followed.</summary>
    public string Path { get; set; }

    public SafeFileHandle Handle { get; }

    public FileIdentity Identity { get; }

    /// <summary>What was read so far: position and content.</summary>
    public ContentMark Mark => _mark;

    /// <summary>Where a restart has to begin: after the last complete record.</summary>
    public long RecordEnd => HasRecord ? _recordStart : _lineEnd;

    /// <summary>Whether a record of several lines waits for its next line.</summary>
    public bool HasRecord => _record.Length > 0;

    /// <summary>When the file last grew; set by the reader.</summary>
    public long LastGrowth { get; set; }

    /// <summary>Opens a file; every other program may go on writing, renaming and deleting it.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its permissions forbid it.</exception>
    public static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Follows an open file from a position; null: the file is shorter than that.</summary>
    public static FollowedFile? From(string path, SafeFileHandle handle, long offset, LogFileOptions options, ILogRecordHandler records) =>
        ContentMark.At(handle, offset) is { } mark ? new FollowedFile(path, handle, mark, options, records) : null;

    /// <summary>Whether the content read so far is gone: the file was truncated, and may have grown since.</summary>
    public bool IsTruncated() => !_mark.Matches(Handle);

    /// <summary>Reads at most one buffer of new bytes and passes on the records that they complete. False: nothing is new.</summary>
    public bool Read(Span<byte> buffer)
    {
        int count = RandomAccess.Read(Handle, buffer, _mark.Offset);
        if (count == 0)
        {
            return false;
        }

        _lines.Append(buffer[..count], this);

        // Null only if it was truncated this very moment: the old hashes then tell so at the next look.
        _mark = ContentMark.At(Handle, _mark.Offset + count) ?? _mark with { Offset = _mark.Offset + count };
        return true;
    }

    /// <summary>Reads the rest from another file with the same content, the copy that a rotation made. Returns where that file ends.</summary>
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

    /// <summary>Starts at the beginning again, after a truncation: what was unfinished gets no end.</summary>
    public void Rewind()
    {
        Flush();
        _mark = ContentMark.Beginning;
        _lineEnd = 0;
    }

    /// <summary>Passes on the unfinished last line and record: their ends will not come.</summary>
    public void Flush()
    {
        _lines.Flush(this);
        FlushRecord();
    }

    /// <summary>Passes on the record whose next line has not come for a while.</summary>
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
