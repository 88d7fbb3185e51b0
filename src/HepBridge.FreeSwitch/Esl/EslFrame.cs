namespace HepBridge.FreeSwitch.Esl;

/// <summary>One frame as a view over the receive buffer: valid until the next call of the reader that made it.</summary>
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

    /// <summary>What it is.</summary>
    public EslContentType ContentType { get; }

    /// <summary>The whole frame: header lines, blank line, body.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The header lines with their line feeds, without the blank line.</summary>
    public ReadOnlySpan<byte> Headers => Bytes[.._headersLength];

    /// <summary><c>Content-Length</c> bytes after the blank line; empty if there is no such header.</summary>
    public ReadOnlySpan<byte> Body => Bytes[_bodyOffset..];

    /// <summary>Whether it is an event or a log line, not an answer to the client.</summary>
    public bool IsEventOrLog => ContentType is EslContentType.EventPlain or EslContentType.EventJson or EslContentType.EventXml or EslContentType.LogData;

    /// <summary>Finds the first header of that name, case ignored; the value has no blanks around it.</summary>
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
