namespace HepBridge.Replay;

/// <summary>Enumerates an event's own headers with the positions of their values. Does not unwrap re-fired events.</summary>
internal ref struct RecordedHeaders
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _json;
    private int _at;

    public RecordedHeaders(ReadOnlySpan<byte> bytes, bool json)
    {
        _bytes = bytes;
        _json = json;
        _at = json ? 1 : 0;
    }

    public ReadOnlySpan<byte> Name { get; private set; }

    public int ValueStart { get; private set; }

    public int ValueLength { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _bytes.Slice(ValueStart, ValueLength);

    public bool MoveNext() => _json ? NextMember() : NextLine();

    private bool NextLine()
    {
        ReadOnlySpan<byte> rest = _bytes[_at..];
        int end = rest.IndexOf((byte)'\n');
        if (end <= 0)
        {
            return false;
        }

        int colon = rest[..end].IndexOf(": "u8);
        Name = colon < 0 ? rest[..end] : rest[..colon];
        ValueStart = _at + (colon < 0 ? end : colon + 2);
        ValueLength = _at + end - ValueStart;
        _at += end + 1;
        return true;
    }

    /// <summary>Skips members whose value is not a string (arrays).</summary>
    private bool NextMember()
    {
        while (_at < _bytes.Length && _bytes[_at] == '"')
        {
            int nameStart = _at + 1;
            int nameEnd = StringEnd(nameStart);
            if (nameEnd < 0 || nameEnd + 2 >= _bytes.Length || _bytes[nameEnd + 1] != ':')
            {
                return false;
            }

            int value = nameEnd + 2;
            if (_bytes[value] == '"')
            {
                int end = StringEnd(value + 1);
                if (end < 0)
                {
                    return false;
                }

                Name = _bytes[nameStart..nameEnd];
                (ValueStart, ValueLength) = (value + 1, end - value - 1);
                _at = end + 2;
                return true;
            }

            int next = _bytes[value..].IndexOf("],\""u8);
            if (_bytes[value] != '[' || next < 0)
            {
                return false;
            }

            _at = value + next + 2;
        }

        return false;
    }

    private readonly int StringEnd(int at)
    {
        while (at < _bytes.Length)
        {
            int found = _bytes[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (_bytes[at] == '"')
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }
}
