using System.Collections.Concurrent;
using System.Text;

namespace HepBridge.Diagnostics;

/// <summary>
/// Queues lines for a stream that may block: a full pipe, a terminal on Ctrl-S. Adding a line never waits. One thread
/// writes; lines that do not fit are dropped, counted, and reported in a line once the stream accepts lines again.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    /// <summary>Most bytes queued.</summary>
    public const int DefaultCapacity = 4 << 20;

    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly BlockingCollection<byte[]> _lines = new();
    private readonly Stream _stream;
    private readonly Func<long, string> _dropNotice;
    private readonly int _capacity;
    private readonly Thread _thread;
    private int _bytes;
    private long _dropped;
    private long _untold;
    private bool _isClosed;

    /// <summary>Starts writing to a stream. <paramref name="dropNotice"/> creates the line that reports how many were dropped.</summary>
    public LogQueue(Stream stream, Func<long, string> dropNotice, int capacity = DefaultCapacity)
    {
        _stream = stream;
        _dropNotice = dropNotice;
        _capacity = capacity;
        _thread = new Thread(Write) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Lines dropped because the queue was full or the stream failed.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Queues whole lines, including line breaks.</summary>
    public void Add(string lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(lines);
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            if (_bytes + bytes.Length > _capacity)
            {
                Interlocked.Increment(ref _dropped);
                _untold++;
                return;
            }

            TellDropped();
            Enqueue(bytes);
        }
    }

    /// <summary>Waits briefly for queued lines; a blocked stream does not delay the end of the process.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            TellDropped();
            _isClosed = true;
            _lines.CompleteAdding();
        }

        if (_thread.Join(_closeTimeout))
        {
            _lines.Dispose();
        }
    }

    private void TellDropped()
    {
        if (_untold > 0)
        {
            Enqueue(Encoding.UTF8.GetBytes(_dropNotice(_untold)));
            _untold = 0;
        }
    }

    private void Enqueue(byte[] bytes)
    {
        _lines.Add(bytes);
        _bytes += bytes.Length;
    }

    private void Write()
    {
        foreach (byte[] line in _lines.GetConsumingEnumerable())
        {
            try
            {
                _stream.Write(line);
                _stream.Flush();
            }
            catch (Exception)
            {
                // Usually EPIPE: the reader is gone, so there is nowhere to report it.
                Interlocked.Increment(ref _dropped);
            }

            lock (_gate)
            {
                // Only now: the line being written still uses memory.
                _bytes -= line.Length;
                if (_lines.Count == 0 && !_isClosed)
                {
                    TellDropped();
                }
            }
        }
    }
}
