namespace HepBridge.Inputs.LogFiles;

/// <summary>Receives the lines of a followed file.</summary>
internal interface ILineHandler
{
    /// <summary>One line without its line break, possibly empty.</summary>
    /// <param name="line">Its bytes, at most <c>max_line</c>.</param>
    /// <param name="cutBytes">How many bytes beyond <c>max_line</c> were left out.</param>
    /// <param name="length">Its length in the file in bytes, with the line break.</param>
    void OnLine(ReadOnlySpan<byte> line, long cutBytes, long length);
}

/// <summary>
/// Splits a byte stream into lines. Keeps an unfinished line until its end arrives, at most <paramref name="maxLine"/>
/// bytes of it. Skips the NUL bytes that a writer leaves at the start of a file truncated while open.
/// </summary>
internal sealed class LineAssembler(int maxLine)
{
    private byte[] _partial = [];
    private int _length;
    private long _cut;

    /// <summary>Bytes received since the end of the last complete line.</summary>
    public long Pending { get; private set; }

    /// <summary>Adds data and passes on every line that it completes.</summary>
    public void Append(ReadOnlySpan<byte> data, ILineHandler handler)
    {
        while (!data.IsEmpty)
        {
            int end = data.IndexOf((byte)'\n');
            if (end < 0)
            {
                Keep(data);
                return;
            }

            if (Pending == 0)
            {
                Emit(data[..end], 0, end + 1, handler);
            }
            else
            {
                Keep(data[..end]);
                EmitPartial(1, handler);
            }

            data = data[(end + 1)..];
        }
    }

    /// <summary>Passes on the unfinished line: its end will never arrive.</summary>
    public void Flush(ILineHandler handler)
    {
        if (Pending > 0)
        {
            EmitPartial(0, handler);
        }
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        Pending += data.Length;
        if (_length == 0)
        {
            data = data.TrimStart((byte)0);
        }

        int kept = Math.Min(data.Length, maxLine - _length);
        if (kept > _partial.Length - _length)
        {
            Array.Resize(ref _partial, Math.Min(maxLine, Math.Max(_length + kept, _partial.Length * 2)));
        }

        data[..kept].CopyTo(_partial.AsSpan(_length));
        _length += kept;
        _cut += data.Length - kept;
    }

    private void EmitPartial(int end, ILineHandler handler)
    {
        ReadOnlySpan<byte> line = _partial.AsSpan(0, _length);
        (long cut, long length) = (_cut, Pending + end);
        _length = 0;
        _cut = 0;
        Pending = 0;
        Emit(line, cut, length, handler);
    }

    private void Emit(ReadOnlySpan<byte> line, long cut, long length, ILineHandler handler)
    {
        line = line.TrimStart((byte)0);
        if (line.Length > maxLine)
        {
            cut += line.Length - maxLine;
            line = line[..maxLine];
        }
        else if (cut == 0 && line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        handler.OnLine(line, cut, length);
    }
}
