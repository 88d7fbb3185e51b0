namespace HepBridge.FreeSwitch.Esl;

/// <summary>One frame as a view of the receive buffer, valid until the reader's next call.</summary>
public readonly ref struct EslFrame
{
    private readonly int _headersLength;
    private readonly int _bodyOffset;

    internal EslFrame(EslContentType contentType, ReadOnlySpan<byte> bytes, int headersLength, int bodyOffset)
    {
        ContentType = contentType;
        Bytes = bytes;
        _headersLength = headersLength;
        _bodyOffset = bodyOffset;
    }

    public EslContentType ContentType { get; }

    /// <summary>The whole frame: header lines, blank line, body.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The header lines with their line feeds, without the blank line.</summary>
    public ReadOnlySpan<byte> Headers => Bytes[.._headersLength];

    /// <summary><c>Content-Length</c> bytes after the blank line; empty if there is no such header.</summary>
    public ReadOnlySpan<byte> Body => Bytes[_bodyOffset..];

    /// <summary>Whether it is an event or a log line rather than a reply.</summary>
    public bool IsEventOrLog => ContentType is EslContentType.EventPlain or EslContentType.EventJson or EslContentType.EventXml or EslContentType.LogData;

    /// <summary>Finds the first header of that name, ignoring case; the value is trimmed.</summary>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = Headers;
        while (EslHeaderLine.TryRead(ref rest, out ReadOnlySpan<byte> key, out value))
        {
            if (System.Text.Ascii.EqualsIgnoreCase(key, name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }
}
