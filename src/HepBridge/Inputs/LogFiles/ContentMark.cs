using HepBridge.Hep;
using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>
/// Identifies a file's content by two hashes: of its first bytes, and of the bytes right before the position read to. Distinguishes a file
/// that was truncated and has grown again from one that only grew, and finds the copy made by a copy-and-truncate rotation.
/// </summary>
/// <param name="Offset">The position read to, in bytes.</param>
/// <param name="Head">Hash of the first <see cref="HeadLength"/> bytes.</param>
/// <param name="Tail">Hash of the <see cref="TailLength"/> bytes before the position.</param>
internal readonly record struct ContentMark(long Offset, ulong Head, ulong Tail)
{
    /// <summary>Number of bytes hashed into <see cref="Head"/>.</summary>
    public int HeadLength => (int)Math.Min(ContentWindow.Size, Offset);

    /// <summary>Number of bytes hashed into <see cref="Tail"/>.</summary>
    public int TailLength => (int)Math.Min(ContentWindow.Size, Offset);

    /// <summary>The mark at the start of any file.</summary>
    public static ContentMark Beginning { get; } = new(0, Fnv1a.Hash([]), Fnv1a.Hash([]));

    /// <summary>The mark of a file at a position; null if the file is shorter.</summary>
    public static ContentMark? At(SafeFileHandle handle, long offset)
    {
        int length = (int)Math.Min(ContentWindow.Size, offset);
        return Hash(handle, 0, length) is { } head && Hash(handle, offset - length, length) is { } tail ? new(offset, head, tail) : null;
    }

    /// <summary>Whether a file has this content up to this position.</summary>
    public bool Matches(SafeFileHandle handle) => At(handle, Offset) == this;

    /// <summary>The mark after more bytes of the file were read, without reading the file again: it may have been truncated since.</summary>
    /// <param name="window">The bytes that this mark hashes; after the call, those of the next one.</param>
    /// <param name="more">What was read at <see cref="Offset"/>.</param>
    public ContentMark After(ContentWindow window, ReadOnlySpan<byte> more)
    {
        window.Append(more);
        return new(Offset + more.Length, Fnv1a.Hash(window.Head), Fnv1a.Hash(window.Tail));
    }

    private static ulong? Hash(SafeFileHandle handle, long offset, int length)
    {
        Span<byte> bytes = stackalloc byte[ContentWindow.Size];
        bytes = bytes[..length];
        return ContentWindow.TryRead(handle, offset, bytes) ? Fnv1a.Hash(bytes) : null;
    }
}

/// <summary>The first bytes of a file, and the last ones before the position read to: what a <see cref="ContentMark"/> hashes.</summary>
internal sealed class ContentWindow
{
    /// <summary>Most bytes at each end.</summary>
    public const int Size = 256;

    private readonly byte[] _head = new byte[Size];
    private readonly byte[] _tail = new byte[Size];
    private int _headLength;
    private int _tailLength;

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    public ReadOnlySpan<byte> Tail => _tail.AsSpan(0, _tailLength);

    /// <summary>The window of a file read to a position; null if the file is shorter.</summary>
    public static ContentWindow? At(SafeFileHandle handle, long offset)
    {
        int length = (int)Math.Min(Size, offset);
        ContentWindow window = new() { _headLength = length, _tailLength = length };
        return TryRead(handle, 0, window._head.AsSpan(0, length)) && TryRead(handle, offset - length, window._tail.AsSpan(0, length)) ? window : null;
    }

    /// <summary>Fills a buffer from a file; false if the file ends before.</summary>
    public static bool TryRead(SafeFileHandle handle, long offset, Span<byte> bytes)
    {
        int read = 0;
        while (read < bytes.Length)
        {
            int count = RandomAccess.Read(handle, bytes[read..], offset + read);
            if (count == 0)
            {
                return false;
            }

            read += count;
        }

        return true;
    }

    /// <summary>Moves on by bytes that were read.</summary>
    public void Append(ReadOnlySpan<byte> more)
    {
        int first = Math.Min(Size - _headLength, more.Length);
        more[..first].CopyTo(_head.AsSpan(_headLength));
        _headLength += first;
        ReadOnlySpan<byte> last = more.Length > Size ? more[^Size..] : more;
        int kept = Math.Min(_tailLength, Size - last.Length);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        last.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + last.Length;
    }

    /// <summary>Starts over.</summary>
    public void Clear() => (_headLength, _tailLength) = (0, 0);
}
