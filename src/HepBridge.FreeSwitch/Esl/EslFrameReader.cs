using System.Buffers;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Cuts a byte stream into frames over one contiguous buffer: the caller fills <see cref="GetMemory"/>, tells <see cref="Advance"/>, and
/// takes frames with <see cref="TryRead"/> until it says false. No allocation a frame.
/// </summary>
public sealed class EslFrameReader : IDisposable
{
    /// <summary>Largest buffer that is kept for the sake of large reads alone.</summary>
    private const int LargestRead = 1024 * 1024;

    private readonly int _maxFrame;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private int _needed;
    private bool _filled;

    /// <summary>A reader that refuses frames above <paramref name="maxFrame"/> bytes.</summary>
    public EslFrameReader(int maxFrame = DefaultMaxFrame, int initialSize = 128 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrame, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(initialSize, 1);
        _maxFrame = maxFrame;
        _buffer = ArrayPool<byte>.Shared.Rent(initialSize);
    }

    /// <summary>16 MB: an event of a switch is a few KB, its largest is what one command can print.</summary>
    public const int DefaultMaxFrame = 16 * 1024 * 1024;

    /// <summary>Why the stream can't be read on; the reader gives no frame after that.</summary>
    public EslFrameError Error { get; private set; }

    /// <summary>Bytes that were received and not yet read as a frame.</summary>
    public int Buffered => _end - _start;

    /// <summary>Free memory to receive into, never empty. Frames that were read before are no longer valid.</summary>
    /// <exception cref="InvalidOperationException">Whole frames are still unread: read until <see cref="TryRead"/> says false.</exception>
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

    /// <summary>Tells that <paramref name="count"/> bytes were written to the memory.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _end), nameof(count));
        _filled = count == _buffer.Length - _end;
        _end += count;
    }

    /// <summary>Takes the next whole frame; false: more bytes are needed, or <see cref="Error"/> says why there is none.</summary>
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

    /// <summary>Gives the buffer back.</summary>
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

    /// <summary>The buffer grows for a frame that fills it and while reads fill it, and shrinks after a frame that was much larger than usual.</summary>
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
