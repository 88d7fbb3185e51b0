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

/// <summary>Takes <c>Name: value</c> lines off a header block.</summary>
internal static class EslHeaderLine
{
    /// <summary>Takes one line; false at the end. A line without a colon is a name with an empty value.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (rest.IsEmpty)
        {
            name = default;
            value = default;
            return false;
        }

        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        line = line.TrimEnd((byte)'\r');
        int colon = line.IndexOf((byte)':');
        name = colon < 0 ? line : line[..colon];
        value = colon < 0 ? default : line[(colon + 1)..].Trim(" \t"u8);
        return true;
    }
}

/// <summary>Kind of an event socket frame, from its <c>Content-Type</c> header (mod_event_socket.c).</summary>
public enum EslContentType
{
    Other,

    /// <summary><c>auth/request</c>: the greeting, which asks for a password.</summary>
    AuthRequest,

    /// <summary><c>command/reply</c>: the reply to a command, in the header <c>Reply-Text</c>.</summary>
    CommandReply,

    /// <summary><c>api/response</c>: the output of an <c>api</c> command, in the body.</summary>
    ApiResponse,

    /// <summary><c>text/event-plain</c>: an event as URL-encoded header lines.</summary>
    EventPlain,

    /// <summary><c>text/event-json</c>: an event as a JSON object.</summary>
    EventJson,

    /// <summary><c>text/event-xml</c>: an event as XML.</summary>
    EventXml,

    /// <summary><c>log/data</c>: a line of the switch's log; its level and channel are in the frame's headers.</summary>
    LogData,

    /// <summary><c>text/disconnect-notice</c>: the switch is about to close.</summary>
    DisconnectNotice,

    /// <summary><c>text/rude-rejection</c>: the switch's access list rejects the client's address.</summary>
    RudeRejection,
}
