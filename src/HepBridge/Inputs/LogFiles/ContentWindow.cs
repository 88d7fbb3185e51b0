using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

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
