namespace HepBridge.FreeSwitch.Events;

public readonly ref struct HeaderEntry(ReadOnlySpan<byte> name, HeaderValue value)
{
    /// <summary>The name as written, without any <c>Orig-</c>.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    public HeaderValue Value { get; } = value;
}

/// <summary>Enumerates all headers of an event.</summary>
public ref struct HeaderEnumerator
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly EventEncoding _encoding;
    private readonly int _wrapping;
    private int _at;

    internal HeaderEnumerator(ReadOnlySpan<byte> bytes, EventEncoding encoding, int wrapping)
    {
        _bytes = bytes;
        _encoding = encoding;
        _wrapping = wrapping;
        _at = encoding == EventEncoding.Json ? JsonText.SkipSpace(bytes, 0) + 1 : 0;
    }

    public HeaderEntry Current { readonly get; private set; }

    public readonly HeaderEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_encoding == EventEncoding.Json ? ReadMember() : ReadLine())
        {
            ReadOnlySpan<byte> name = Current.Name;
            if (OrigPrefix.TryStrip(ref name, _wrapping))
            {
                Current = new HeaderEntry(name, Current.Value);
                return true;
            }
        }

        return false;
    }

    private bool ReadLine()
    {
        while (_at < _bytes.Length)
        {
            ReadOnlySpan<byte> rest = _bytes[_at..];
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            _at += line.Length + 1;
            int colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                ReadOnlySpan<byte> value = line[(colon + 1)..];
                if (!value.IsEmpty && value[0] == ' ')
                {
                    value = value[1..];
                }

                Current = new HeaderEntry(line[..colon], new HeaderValue(value, _encoding == EventEncoding.Plain ? ValueEncoding.Url : ValueEncoding.Literal));
                return true;
            }
        }

        return false;
    }

    // The parser has validated these bytes, so errors need no second check.
    private bool ReadMember()
    {
        int nameStart = JsonText.SkipSpace(_bytes, _at);
        if (nameStart >= _bytes.Length || _bytes[nameStart] != '"')
        {
            return false;
        }

        int nameEnd = JsonText.FindStringEnd(_bytes, nameStart + 1);
        int start = JsonText.SkipSpace(_bytes, JsonText.SkipSpace(_bytes, nameEnd) + 1);
        int end = JsonText.SkipValue(_bytes, start);

        // A number, true, false or null at the end: terminated by the brace, which is not among these bytes.
        end = end < 0 ? _bytes.Length : end;
        HeaderValue value = _bytes[start] == '"'
            ? new HeaderValue(_bytes[(start + 1)..(end - 1)], ValueEncoding.JsonString)
            : new HeaderValue(_bytes[start..end], ValueEncoding.RawJson);
        Current = new HeaderEntry(_bytes[(nameStart + 1)..(nameEnd - 1)], value);
        _at = JsonText.SkipSpace(_bytes, end) + 1;
        return true;
    }
}

/// <summary>The prefix that mod_event_multicast adds to the headers of an event that it re-fires (mod_event_multicast.c).</summary>
internal static class OrigPrefix
{
    public static ReadOnlySpan<byte> Text => "Orig-"u8;

    /// <summary>Strips the prefix once per re-firing switch; false for a header of such a switch itself.</summary>
    public static bool TryStrip(ref ReadOnlySpan<byte> name, int times)
    {
        for (; times > 0; times--)
        {
            if (!name.StartsWith(Text))
            {
                return false;
            }

            name = name[Text.Length..];
        }

        return true;
    }
}
