using System.Buffers.Text;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Inputs.Janus;

/// <summary>An address and a port; 0.0.0.0 and 0 where they are unknown.</summary>
internal readonly record struct SipEndpoint(HepAddress Address, ushort Port)
{
    public bool IsUnknown => Address.IsUnspecified;
}

/// <summary>What a SIP message tells of its call and its way, read without allocation. Any bytes are fine.</summary>
internal readonly ref struct SipMessage
{
    private const ushort SipPort = 5060;
    private const ushort SipsPort = 5061;
    private readonly ReadOnlySpan<byte> _requestUri;
    private readonly ReadOnlySpan<byte> _contact;
    private readonly ReadOnlySpan<byte> _route;
    private readonly ReadOnlySpan<byte> _via;

    public SipMessage(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        int end = bytes.IndexOf("\r\n\r\n"u8);
        ReadOnlySpan<byte> rest = end < 0 ? bytes : bytes[..end];
        ReadOnlySpan<byte> first = TakeLine(ref rest);
        IsRequest = !first.StartsWith("SIP/2.0 "u8);
        if (IsRequest)
        {
            int blank = first.IndexOf((byte)' ');
            Method = blank < 0 ? default : first[..blank];
            ReadOnlySpan<byte> uri = blank < 0 ? default : first[(blank + 1)..];
            int after = uri.IndexOf((byte)' ');
            _requestUri = after < 0 ? uri : uri[..after];
        }

        long length = -1;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = TakeLine(ref rest);
            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                continue;
            }

            ReadOnlySpan<byte> name = line[..colon].Trim(" \t"u8);
            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (_via.IsEmpty && Is(name, "Via"u8, "v"u8))
            {
                _via = value;
            }
            else if (CallId.IsEmpty && Is(name, "Call-ID"u8, "i"u8))
            {
                CallId = value;
            }
            else if (_contact.IsEmpty && Is(name, "Contact"u8, "m"u8))
            {
                _contact = value;
            }
            else if (_route.IsEmpty && Is(name, "Route"u8, "Route"u8))
            {
                _route = value;
            }
            else if (Is(name, "Content-Length"u8, "l"u8) && Utf8Parser.TryParse(value, out long parsed, out int used) && used == value.Length)
            {
                length = parsed;
            }
        }

        // Janus takes its messages from its SIP stack's log: what that logged behind one may be appended to it.
        if (end >= 0 && length >= 0 && length < bytes.Length - end - 4)
        {
            Bytes = bytes[..(end + 4 + (int)length)];
        }
    }

    /// <summary>The message, without what is behind its Content-Length.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsRequest { get; }

    /// <summary>A request's method.</summary>
    public ReadOnlySpan<byte> Method { get; }

    public ReadOnlySpan<byte> CallId { get; }

    /// <summary>Transport protocol of the topmost Via: 6 for TCP, TLS, WS and WSS, else 17.</summary>
    public byte Protocol
    {
        get
        {
            ReadOnlySpan<byte> transport = Between(_via, "SIP/2.0/"u8, (byte)' ');
            return Ascii.EqualsIgnoreCase(transport, "UDP"u8) || transport.IsEmpty ? (byte)17 : (byte)6;
        }
    }

    /// <summary>Who sent the request: the topmost Via.</summary>
    public SipEndpoint Via
    {
        get
        {
            int blank = _via.IndexOf((byte)' ');
            ReadOnlySpan<byte> value = blank < 0 ? default : _via[(blank + 1)..].TrimStart((byte)' ');
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

    /// <summary>Where a request goes next: its first Route, else its URI.</summary>
    public SipEndpoint Target => _route.IsEmpty ? OfUri(_requestUri) : OfUri(_route);

    /// <summary>The address of the first Contact.</summary>
    public SipEndpoint Contact => OfUri(_contact);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> full, ReadOnlySpan<byte> compact) =>
        Ascii.EqualsIgnoreCase(name, full) || Ascii.EqualsIgnoreCase(name, compact);

    private static ReadOnlySpan<byte> TakeLine(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }

    // The host of sip:user@host:port;parameters, also within <…> behind a name.
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
