using System.Buffers.Text;

namespace HepBridge.Hep;

/// <summary>
/// The parts of a SIP message that capture agents need: start line, Call-ID, CSeq, top Via, Contact. A view of the payload; allocates
/// nothing and never throws, whatever the bytes.
/// </summary>
/// <remarks>Of a repeated header, the first counts.</remarks>
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
        if (!SipReader.TryStart(payload, out SipReader reader))
        {
            return false;
        }

        ReadOnlySpan<byte> method = reader.Method;
        ReadOnlySpan<byte> callId = default;
        ReadOnlySpan<byte> via = default;
        ReadOnlySpan<byte> route = default;
        ReadOnlySpan<byte> contact = default;
        int contentLength = -1;
        while (reader.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
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
                case 4 when reader.Status != 0 && method.IsEmpty && Is(name, "cseq"u8):
                    method = value[(value.IndexOf((byte)' ') + 1)..].Trim(" \t"u8);
                    break;
            }
        }

        head = new SipHead
        {
            CallId = callId,
            Status = reader.Status,
            Method = method,
            RequestUri = reader.RequestUri,
            Via = via,
            Route = route,
            Contact = contact,
            ContentLength = contentLength,
        };
        return true;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(name, lower);
}
