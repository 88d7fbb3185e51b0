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
    private const int Window = ContentWindow.Size;
    private const ulong EmptyHash = 14_695_981_039_346_656_037;

    /// <summary>Number of bytes hashed into <see cref="Head"/>.</summary>
    public int HeadLength => (int)Math.Min(Window, Offset);

    /// <summary>Number of bytes hashed into <see cref="Tail"/>.</summary>
    public int TailLength => (int)Math.Min(Window, Offset);

    /// <summary>The mark at the start of any file.</summary>
    public static ContentMark Beginning { get; } = new(0, EmptyHash, EmptyHash);

    /// <summary>The mark of a file at a position; null if the file is shorter.</summary>
    public static ContentMark? At(SafeFileHandle handle, long offset)
    {
        int length = (int)Math.Min(Window, offset);
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
        return new(Offset + more.Length, Hash(window.Head), Hash(window.Tail));
    }

    private static ulong? Hash(SafeFileHandle handle, long offset, int length)
    {
        Span<byte> bytes = stackalloc byte[Window];
        bytes = bytes[..length];
        return ContentWindow.TryRead(handle, offset, bytes) ? Hash(bytes) : null;
    }

    // FNV-1a: stable across processes, unlike HashCode.
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = EmptyHash;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1_099_511_628_211;
        }

        return hash;
    }
}
