using System.Buffers.Text;

namespace HepBridge.Hep;

/// <summary>
/// The parts of a SIP message that capture agents need: start line, Call-ID, CSeq, top Via, Contact. A view of the payload; allocates
/// nothing and never throws, whatever the bytes.
/// </summary>
/// <remarks>Of a repeated header, the first counts.</remarks>
public ref struct SipHead
{
    /// <summary>The Call-ID; empty if the message has none.</summary>
    public ReadOnlySpan<byte> CallId { readonly get; private set; }

    /// <summary>The status code of a response, else 0.</summary>
    public int Status { readonly get; private set; }

    /// <summary>The method of a request, or the CSeq's method of a response.</summary>
    public ReadOnlySpan<byte> Method { readonly get; private set; }

    /// <summary>The Request-URI; empty for a response.</summary>
    public ReadOnlySpan<byte> RequestUri { readonly get; private set; }

    /// <summary>The first Via header's value.</summary>
    public ReadOnlySpan<byte> Via { readonly get; private set; }

    /// <summary>The first Route header's value.</summary>
    public ReadOnlySpan<byte> Route { readonly get; private set; }

    /// <summary>The first Contact header's value.</summary>
    public ReadOnlySpan<byte> Contact { readonly get; private set; }

    /// <summary>Content-Length; -1 if the message has none.</summary>
    public int ContentLength { readonly get; private set; }

    public readonly bool IsRequest => Status == 0;

    /// <summary>Parses the first message of a payload; false if it does not start with a SIP start line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SipHead head)
    {
        head = default;
        if (!SipReader.TryStart(payload, out SipReader reader))
        {
            return false;
        }

        head = new SipHead { Status = reader.Status, Method = reader.Method, RequestUri = reader.RequestUri, ContentLength = -1 };
        while (reader.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            switch (name.Length)
            {
                case 7 when head.CallId.IsEmpty && Is(name, "call-id"u8):
                case 1 when head.CallId.IsEmpty && (name[0] | 0x20) == 'i':
                    head.CallId = value;
                    break;
                case 3 when head.Via.IsEmpty && Is(name, "via"u8):
                case 1 when head.Via.IsEmpty && (name[0] | 0x20) == 'v':
                    head.Via = value;
                    break;
                case 5 when head.Route.IsEmpty && Is(name, "route"u8):
                    head.Route = value;
                    break;
                case 7 when head.Contact.IsEmpty && Is(name, "contact"u8):
                case 1 when head.Contact.IsEmpty && (name[0] | 0x20) == 'm':
                    head.Contact = value;
                    break;
                case 14 when head.ContentLength < 0 && Is(name, "content-length"u8):
                case 1 when head.ContentLength < 0 && (name[0] | 0x20) == 'l':
                    head.ContentLength = Utf8Parser.TryParse(value, out int length, out int used) && used == value.Length && length >= 0 ? length : -1;
                    break;
                case 4 when reader.Status != 0 && head.Method.IsEmpty && Is(name, "cseq"u8):
                    head.Method = value[(value.IndexOf((byte)' ') + 1)..].Trim(" \t"u8);
                    break;
            }
        }

        return true;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(name, lower);
}
