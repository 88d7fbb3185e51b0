namespace HepBridge.Inputs.LogFiles;

/// <summary>Takes the lines of a followed file.</summary>
internal interface ILineHandler
{
    /// <summary>One line without its line end. <paramref name="cutBytes"/>: how many bytes beyond <c>max_line</c> were left out.</summary>
    void OnLine(ReadOnlySpan<byte> line, long cutBytes);
}

/// <summary>
/// Splits a byte stream into lines. Keeps an unfinished line until its end arrives, at most <paramref name="maxLine"/> bytes of it.
/// Skips the NUL bytes that a writer leaves at the front of a file truncated under it.
/// </summary>
internal sealed class LineAssembler(int maxLine)
{
    private byte[] _partial = [];
    private int _length;
    private long _cut;

    /// <summary>Bytes taken in since the end of the last complete line.</summary>
    public long Pending { get; private set; }

    /// <summary>Takes the next bytes and passes on every line that they complete.</summary>
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
                Emit(data[..end], handler);
            }
            else
            {
                Keep(data[..end]);
                EmitPartial(handler);
            }

            data = data[(end + 1)..];
        }
    }

    /// <summary>Passes the unfinished line on: its end will never arrive.</summary>
    public void Flush(ILineHandler handler)
    {
        if (Pending > 0)
        {
            EmitPartial(handler);
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

    private void EmitPartial(ILineHandler handler)
    {
        ReadOnlySpan<byte> line = _partial.AsSpan(0, _length);
        long cut = _cut;
        _length = 0;
        _cut = 0;
        Pending = 0;
        Emit(line, handler, cut);
    }

    private void Emit(ReadOnlySpan<byte> line, ILineHandler handler, long cut = 0)
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

        if (!line.IsEmpty)
        {
            handler.OnLine(line, cut);
        }
    }
}
