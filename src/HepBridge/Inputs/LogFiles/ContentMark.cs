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
    private const int Window = 256;
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

    // FNV-1a: stable across processes, unlike HashCode.
    private static ulong? Hash(SafeFileHandle handle, long offset, int length)
    {
        Span<byte> bytes = stackalloc byte[Window];
        bytes = bytes[..length];
        int read = 0;
        while (read < length)
        {
            int count = RandomAccess.Read(handle, bytes[read..], offset + read);
            if (count == 0)
            {
                return null;
            }

            read += count;
        }

        ulong hash = EmptyHash;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1_099_511_628_211;
        }

        return hash;
    }
}
