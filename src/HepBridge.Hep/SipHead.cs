using System.Buffers.Text;

namespace HepBridge.Hep;

/// <summary>
/// The parts of a SIP message that capture agents need: start line, Call-ID, CSeq, top Via, Contact. A view of the payload; allocates
/// nothing and never throws, whatever the bytes.
/// </summary>
/// <remarks>
/// A payload read from TCP may contain several messages or half of one: the first message counts. Header names may be in short form, in any
/// case, and followed by spaces; lines may end with LF alone and be folded.
/// </remarks>
public readonly ref struct SipHead
{
    /// <summary>The Call-ID; empty if the message has none.</summary>
    public ReadOnlySpan<byte> CallId { get; private init; }

    /// <summary>The status code of a response, else 0.</summary>
    public int Status { get; private init; }

    /// <summary>The method of a request, or the CSeq's method of a response.</summary>
    public ReadOnlySpan<byte> Method { get; private init; }

    /// <summary>The Request-URI; empty for a response.</summary>
    public ReadOnlySpan<byte> RequestUri { get; private init; }

    /// <summary>The first Via header's value.</summary>
    public ReadOnlySpan<byte> Via { get; private init; }

    /// <summary>The first Route header's value.</summary>
    public ReadOnlySpan<byte> Route { get; private init; }

    /// <summary>The first Contact header's value.</summary>
    public ReadOnlySpan<byte> Contact { get; private init; }

    /// <summary>Content-Length; -1 if the message has none.</summary>
    public int ContentLength { get; private init; }

    public bool IsRequest => Status == 0;

    /// <summary>Parses the first message of a payload; false if it does not start with a SIP start line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SipHead head)
    {
        head = default;
        ReadOnlySpan<byte> rest = payload.TrimStart("\r\n"u8);
        if (!TryReadStart(NextLine(ref rest), out int status, out ReadOnlySpan<byte> method, out ReadOnlySpan<byte> uri))
        {
            return false;
        }

        ReadOnlySpan<byte> callId = default;
        ReadOnlySpan<byte> via = default;
        ReadOnlySpan<byte> route = default;
        ReadOnlySpan<byte> contact = default;
        int contentLength = -1;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = NextLine(ref rest);
            if (line.IsEmpty)
            {
                break;
            }

            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                continue;
            }

            ReadOnlySpan<byte> name = line[..colon].TrimEnd(" \t"u8);
            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (value.IsEmpty && !rest.IsEmpty && rest[0] is (byte)' ' or (byte)'\t')
            {
                value = NextLine(ref rest).Trim(" \t"u8);
            }

            switch (name.Length)
            {
                case 7 when callId.IsEmpty && Is(name, "call-id"u8):
                case 1 when callId.IsEmpty && (name[0] | 0x20) == 'i':
                    callId = value;
                    break;
                case 3 when via.IsEmpty && Is(name, "via"u8):
                case 1 when via.IsEmpty && (name[0] | 0x20) == 'v':
                    via = value;
                    break;
                case 5 when route.IsEmpty && Is(name, "route"u8):
                    route = value;
                    break;
                case 7 when contact.IsEmpty && Is(name, "contact"u8):
                case 1 when contact.IsEmpty && (name[0] | 0x20) == 'm':
                    contact = value;
                    break;
                case 14 when contentLength < 0 && Is(name, "content-length"u8):
                case 1 when contentLength < 0 && (name[0] | 0x20) == 'l':
                    contentLength = Utf8Parser.TryParse(value, out int length, out int used) && used == value.Length && length >= 0 ? length : -1;
                    break;
                case 4 when status != 0 && method.IsEmpty && Is(name, "cseq"u8):
                    method = value[(value.IndexOf((byte)' ') + 1)..].Trim(" \t"u8);
                    break;
            }
        }

        head = new SipHead
        {
            CallId = callId,
            Status = status,
            Method = method,
            RequestUri = uri,
            Via = via,
            Route = route,
            Contact = contact,
            ContentLength = contentLength,
        };
        return true;
    }

    // "INVITE sip:a@b SIP/2.0" or "SIP/2.0 486 Busy Here".
    private static bool TryReadStart(ReadOnlySpan<byte> line, out int status, out ReadOnlySpan<byte> method, out ReadOnlySpan<byte> uri)
    {
        status = 0;
        method = default;
        uri = default;
        if (line.StartsWith("SIP/2.0 "u8))
        {
            ReadOnlySpan<byte> code = line[8..];
            if (code.Length < 3 || code[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            status = ((code[0] - '0') * 100) + ((code[1] - '0') * 10) + code[2] - '0';
            return status != 0;
        }

        int space = line.IndexOf((byte)' ');
        if (space <= 0 || !line.EndsWith(" SIP/2.0"u8) || line.Length < space + 9)
        {
            return false;
        }

        method = line[..space];
        uri = line[(space + 1)..^8].Trim((byte)' ');
        return true;
    }

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(name, lower);
}
