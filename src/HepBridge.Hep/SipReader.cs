namespace HepBridge.Hep;

/// <summary>
/// Reads the start line and the headers of a SIP message (RFC 3261, 7). A view of the payload; allocates nothing and never throws, whatever the bytes.
/// </summary>
/// <remarks>
/// Empty lines before the message are skipped (7.5; RFC 5626, 3.5.1), names may be followed by spaces, and lines may end with LF alone. A payload
/// read from TCP may contain several messages or half of one: only the first is read.
/// </remarks>
public ref struct SipReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>The status code of a response, 1–999; 0 for a request.</summary>
    public int Status { get; private init; }

    /// <summary>The reason phrase of a response.</summary>
    public ReadOnlySpan<byte> Reason { get; private init; }

    /// <summary>The method of a request.</summary>
    public ReadOnlySpan<byte> Method { get; private init; }

    /// <summary>The Request-URI.</summary>
    public ReadOnlySpan<byte> RequestUri { get; private init; }

    /// <summary>Reads the start line, "INVITE sip:a@b SIP/2.0" or "SIP/2.0 486 Busy Here"; false if it is another one.</summary>
    public static bool TryStart(ReadOnlySpan<byte> payload, out SipReader reader)
    {
        ReadOnlySpan<byte> rest = payload.TrimStart("\r\n"u8);
        ReadOnlySpan<byte> line = NextLine(ref rest);
        reader = default;
        if (line.StartsWith("SIP/2.0 "u8))
        {
            ReadOnlySpan<byte> code = line[8..];
            if (code.Length < 3 || code[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            int status = ((code[0] - '0') * 100) + ((code[1] - '0') * 10) + code[2] - '0';
            reader = new SipReader { _rest = rest, Status = status, Reason = code[3..].Trim((byte)' ') };
            return status != 0;
        }

        int space = line.IndexOf((byte)' ');
        if (space <= 0 || !line.EndsWith(" SIP/2.0"u8) || line.Length < space + 9)
        {
            return false;
        }

        reader = new SipReader { _rest = rest, Method = line[..space], RequestUri = line[(space + 1)..^8].Trim((byte)' ') };
        return true;
    }

    /// <summary>Reads the next header; false at the end of the headers. Lines without a name are skipped.</summary>
    /// <param name="name">As written, in long or short form.</param>
    /// <param name="value">Without spaces around it; a folded value includes its line breaks.</param>
    public bool TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!_rest.IsEmpty)
        {
            ReadOnlySpan<byte> before = _rest;
            ReadOnlySpan<byte> line = NextLine(ref _rest);
            if (line.IsEmpty)
            {
                break;
            }

            while (_rest is [(byte)' ' or (byte)'\t', ..])
            {
                NextLine(ref _rest);
            }

            int colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                name = line[..colon].Trim(" \t"u8);
                value = before[(colon + 1)..^_rest.Length].Trim(" \t\r\n"u8);
                return true;
            }
        }

        _rest = default;
        name = default;
        value = default;
        return false;
    }

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }
}
