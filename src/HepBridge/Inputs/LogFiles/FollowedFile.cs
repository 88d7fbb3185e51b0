using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>One open file: reads what is new, whatever name the file has by now.</summary>
internal sealed class FollowedFile : IDisposable
{
    private readonly LineAssembler _lines;
    private ContentMark _mark;

    private FollowedFile(string path, SafeFileHandle handle, ContentMark mark, int maxLine)
    {
        Path = path;
        Handle = handle;
        Identity = FileIdentity.Of(handle);
        _mark = mark;
        _lines = new LineAssembler(maxLine);
    }

    /// <summary>The name it was found under, kept up to date while it has one of the names that are followed.</summary>
    public string Path { get; set; }

    public SafeFileHandle Handle { get; }

    public FileIdentity Identity { get; }

    /// <summary>What was read so far: position and content.</summary>
    public ContentMark Mark => _mark;

    /// <summary>Where a restart has to begin: after the last complete line.</summary>
    public long LineEnd => _mark.Offset - _lines.Pending;

    /// <summary>When the file last grew; set by the reader.</summary>
    public long LastGrowth { get; set; }

    /// <summary>Opens a file; every other program may go on writing, renaming and deleting it.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its permissions forbid it.</exception>
    public static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Follows an open file from a position; null: the file is shorter than that.</summary>
    public static FollowedFile? From(string path, SafeFileHandle handle, long offset, int maxLine) =>
        ContentMark.At(handle, offset) is { } mark ? new FollowedFile(path, handle, mark, maxLine) : null;

    /// <summary>Whether the content read so far is gone: the file was truncated, and may have grown since.</summary>
    public bool IsTruncated() => !_mark.Matches(Handle);

    /// <summary>Reads at most one buffer of new bytes and passes on the lines that they complete. False: nothing is new.</summary>
    public bool Read(Span<byte> buffer, ILineHandler handler)
    {
        int count = RandomAccess.Read(Handle, buffer, _mark.Offset);
        if (count == 0)
        {
            return false;
        }

        _lines.Append(buffer[..count], handler);

        // Null only if it was truncated this very moment: the old mark then tells so at the next look.
        _mark = ContentMark.At(Handle, _mark.Offset + count) ?? _mark with { Offset = _mark.Offset + count };
        return true;
    }

    /// <summary>The unfinished last line will get no end: passes it on as it is.</summary>
    public void Flush(ILineHandler handler) => _lines.Flush(handler);

    /// <summary>Starts at the beginning again, after a truncation.</summary>
    public void Rewind() => _mark = ContentMark.At(Handle, 0) ?? default;

    /// <summary>Reads the rest from another file with the same content, the copy that a rotation made. Returns where that file ends.</summary>
    public long ReadCopy(SafeFileHandle copy, Span<byte> buffer, ILineHandler handler)
    {
        long offset = _mark.Offset;
        while (RandomAccess.Read(copy, buffer, offset) is > 0 and int count)
        {
            _lines.Append(buffer[..count], handler);
            offset += count;
        }

        return offset;
    }

    public void Dispose() => Handle.Dispose();
}
