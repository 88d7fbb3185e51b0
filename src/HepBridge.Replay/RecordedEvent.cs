using System.Buffers.Text;
using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Replay;

/// <summary>What playback needs to know about an event.</summary>
internal readonly record struct RecordedEvent(string Name, string Subclass, long Time)
{
    /// <summary>Reads an event's headers once, and records the positions of times (<paramref name="offset"/> is that of the body in the recording).</summary>
    public static RecordedEvent Read(ReadOnlySpan<byte> body, bool json, int offset, List<TimeField> fields)
    {
        string name = "";
        string subclass = "";
        long time = 0;
        RecordedHeaders headers = new(body, json);
        while (headers.MoveNext())
        {
            ReadOnlySpan<byte> value = headers.Value;
            if (TimeField.KindOf(headers.Name, value) is { } kind)
            {
                fields.Add(new TimeField(offset + headers.ValueStart, kind));
            }

            if (!headers.Name.StartsWith("Event-"u8))
            {
                continue;
            }

            if (headers.Name.SequenceEqual("Event-Name"u8) && name.Length == 0)
            {
                name = Decode(value, json);
            }
            else if (headers.Name.SequenceEqual("Event-Subclass"u8) && subclass.Length == 0)
            {
                subclass = Decode(value, json);
            }
            else if (headers.Name.SequenceEqual("Event-Date-Timestamp"u8) && time == 0 && Utf8Parser.TryParse(value, out long number, out _))
            {
                time = number;
            }
        }

        return new RecordedEvent(name, subclass, time);
    }

    /// <summary>A value as text, decoded like the agent decodes it.</summary>
    public static string Decode(ReadOnlySpan<byte> value, bool json)
    {
        HeaderValue header = new(value, json ? ValueEncoding.JsonString : ValueEncoding.Url);
        if (header.IsVerbatim)
        {
            return Encoding.UTF8.GetString(header.Raw);
        }

        byte[] decoded = new byte[header.MaxDecodedLength];
        header.TryDecode(decoded, out int written);
        return Encoding.UTF8.GetString(decoded.AsSpan(0, written));
    }
}

/// <summary>Enumerates an event's own headers with the positions of their values. Does not unwrap re-fired events.</summary>
internal ref struct RecordedHeaders(ReadOnlySpan<byte> bytes, bool json)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at = json ? 1 : 0;

    public ReadOnlySpan<byte> Name { get; private set; }
    public int ValueStart { get; private set; }
    public int ValueLength { get; private set; }
    public readonly ReadOnlySpan<byte> Value => _bytes.Slice(ValueStart, ValueLength);

    public bool MoveNext() => json ? NextMember() : NextLine();

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
