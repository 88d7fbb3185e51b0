using System.Buffers.Text;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Inputs.Janus;

/// <summary>An address and a port; 0.0.0.0 and 0 if unknown.</summary>
internal readonly record struct SipEndpoint(HepAddress Address, ushort Port)
{
    public bool IsUnknown => Address.IsUnspecified;
}

/// <summary>A SIP message from Janus and its endpoints, parsed without allocation.</summary>
internal readonly ref struct SipMessage
{
    private const ushort SipPort = 5060;
    private const ushort SipsPort = 5061;
    private readonly SipHead _head;

    private SipMessage(ReadOnlySpan<byte> bytes, SipHead head)
    {
        _head = head;
        Bytes = bytes;

        // Janus takes messages from its SIP stack's log: later log output may be appended.
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end >= 0 && head.ContentLength >= 0 && head.ContentLength < bytes.Length - end - 4)
        {
            Bytes = bytes[..(end + 4 + head.ContentLength)];
        }
    }

    /// <summary>False if it is not SIP.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SipMessage message)
    {
        bool isSip = SipHead.TryRead(bytes, out SipHead head);
        message = isSip ? new SipMessage(bytes, head) : default;
        return isSip;
    }

    /// <summary>The message, up to its Content-Length.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsRequest => _head.IsRequest;

    /// <summary>A request's method, or that of the request that a response answers.</summary>
    public ReadOnlySpan<byte> Method => _head.Method;

    public ReadOnlySpan<byte> CallId => _head.CallId;

    /// <summary>Transport protocol of the topmost Via: 6 for TCP, TLS, WS and WSS, else 17.</summary>
    public byte Protocol
    {
        get
        {
            ReadOnlySpan<byte> transport = Between(_head.Via, "SIP/2.0/"u8, (byte)' ');
            return Ascii.EqualsIgnoreCase(transport, "UDP"u8) || transport.IsEmpty ? (byte)17 : (byte)6;
        }
    }

    /// <summary>Sender of the request: the topmost Via.</summary>
    public SipEndpoint Via
    {
        get
        {
            int blank = _head.Via.IndexOf((byte)' ');
            ReadOnlySpan<byte> value = blank < 0 ? default : _head.Via[(blank + 1)..].TrimStart((byte)' ');
            int comma = value.IndexOf((byte)',');
            value = comma < 0 ? value : value[..comma];
            int parameters = value.IndexOf((byte)';');
            SipEndpoint by = HostPort(parameters < 0 ? value : value[..parameters], SipPort);
            ReadOnlySpan<byte> received = Between(value, ";received="u8, (byte)';');
            bool isReceived = HepAddress.TryParse(Unbracket(received), out HepAddress address);
            ReadOnlySpan<byte> rport = Between(value, ";rport="u8, (byte)';');
            bool isPort = Utf8Parser.TryParse(rport, out ushort port, out int used) && used == rport.Length;
            return new SipEndpoint(isReceived ? address : by.Address, isPort && port != 0 ? port : by.Port);
        }
    }

    /// <summary>Next hop of a request: its first Route, else its URI.</summary>
    public SipEndpoint Target => OfUri(_head.Route.IsEmpty ? _head.RequestUri : _head.Route);

    /// <summary>The address of the first Contact.</summary>
    public SipEndpoint Contact => OfUri(_head.Contact);

    // The host in sip:user@host:port;parameters, also inside <…> after a name.
    private static SipEndpoint OfUri(ReadOnlySpan<byte> text)
    {
        int scheme = text.IndexOf("sip"u8);
        ReadOnlySpan<byte> uri = scheme < 0 ? default : text[scheme..];
        int colon = uri.IndexOf((byte)':');
        if (colon is not (3 or 4))
        {
            return default;
        }

        ReadOnlySpan<byte> rest = uri[(colon + 1)..];
        int end = rest.IndexOfAny(">,\""u8);
        rest = end < 0 ? rest : rest[..end];
        int at = rest.IndexOf((byte)'@');
        rest = rest[(at + 1)..];
        int parameters = rest.IndexOfAny(";? "u8);
        return HostPort(parameters < 0 ? rest : rest[..parameters], colon == 4 ? SipsPort : SipPort);
    }

    private static SipEndpoint HostPort(ReadOnlySpan<byte> text, ushort defaultPort)
    {
        text = text.Trim(" \t"u8);
        int colon = text.LastIndexOf((byte)':');
        bool hasPort = colon > 0 && (text[colon - 1] == ']' || text.IndexOf((byte)':') == colon);
        ushort port = defaultPort;
        if (hasPort && (!Utf8Parser.TryParse(text[(colon + 1)..], out port, out int used) || used != text.Length - colon - 1))
        {
            return default;
        }

        _ = HepAddress.TryParse(Unbracket(hasPort ? text[..colon] : text), out HepAddress address);
        return new SipEndpoint(address, port);
    }

    private static ReadOnlySpan<byte> Unbracket(ReadOnlySpan<byte> host) => host is [(byte)'[', .., (byte)']'] ? host[1..^1] : host;

    private static ReadOnlySpan<byte> Between(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, byte end)
    {
        int start = text.IndexOf(before);
        ReadOnlySpan<byte> rest = start < 0 ? default : text[(start + before.Length)..];
        int length = rest.IndexOf(end);
        return length < 0 ? rest : rest[..length];
    }
}
