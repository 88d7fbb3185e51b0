using System.Buffers;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Splits a byte stream into frames over one contiguous buffer: the caller fills <see cref="GetMemory"/>, calls <see cref="Advance"/>, and
/// takes frames with <see cref="TryRead"/> until it returns false. Does not allocate per frame.
/// </summary>
public sealed class EslFrameReader : IDisposable
{
    /// <summary>Largest buffer kept only for the sake of large reads.</summary>
    private const int LargestRead = 1024 * 1024;

    private readonly int _maxFrame;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private int _needed;
    private bool _filled;

    /// <summary>Creates a reader that rejects frames above <paramref name="maxFrame"/> bytes.</summary>
    public EslFrameReader(int maxFrame = DefaultMaxFrame, int initialSize = 128 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrame, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(initialSize, 1);
        _maxFrame = maxFrame;
        _buffer = ArrayPool<byte>.Shared.Rent(initialSize);
    }

    /// <summary>16 MB: events are a few KB; the largest frame is the output of a command.</summary>
    public const int DefaultMaxFrame = 16 * 1024 * 1024;

    /// <summary>Why the stream is unreadable; the reader yields no frames afterwards.</summary>
    public EslFrameError Error { get; private set; }

    /// <summary>Bytes received and not yet read as a frame.</summary>
    public int Buffered => _end - _start;

    /// <summary>Free memory to receive into, never empty. Invalidates frames read before.</summary>
    /// <exception cref="InvalidOperationException">Complete frames are unread: call <see cref="TryRead"/> until it returns false.</exception>
    public Memory<byte> GetMemory()
    {
        if (Buffered > _maxFrame)
        {
            throw new InvalidOperationException("Frames must be read before more is received.");
        }

        if (_start == _end)
        {
            _start = _end = 0;
        }

        int size = SizeForNextRead();
        _filled = false;
        if (size != _buffer.Length || (_start > 0 && _buffer.Length - _end < _buffer.Length / 2))
        {
            Move(size);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Records that <paramref name="count"/> bytes were written to the memory.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _end), nameof(count));
        _filled = count == _buffer.Length - _end;
        _end += count;
    }

    /// <summary>Takes the next complete frame; false if more bytes are needed or on an <see cref="Error"/>.</summary>
    public bool TryRead(out EslFrame frame)
    {
        int available = _end - _start;
        if (available == 0 || available < _needed || Error != EslFrameError.None)
        {
            frame = default;
            return false;
        }

        if (EslFraming.TryRead(_buffer.AsSpan(_start, available), _maxFrame, out frame, out int length, out EslFrameError error))
        {
            _needed = 0;
            _start += length;
            return true;
        }

        _needed = length;
        Error = error;
        return false;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The buffer grows for a frame that fills it and while reads fill it, and shrinks after an unusually large frame.</summary>
    private int SizeForNextRead()
    {
        int size = _buffer.Length;
        if (Buffered > size / 2 || (_filled && size < LargestRead))
        {
            return size * 2;
        }

        return size > LargestRead * 2 && Buffered < LargestRead / 2 ? LargestRead : size;
    }

    private void Move(int size)
    {
        Span<byte> rest = _buffer.AsSpan(_start, Buffered);
        if (size == _buffer.Length)
        {
            rest.CopyTo(_buffer);
        }
        else
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(size);
            rest.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _end = rest.Length;
        _start = 0;
    }
}
