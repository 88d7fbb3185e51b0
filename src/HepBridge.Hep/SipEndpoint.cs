using System.Buffers.Text;

namespace HepBridge.Hep;

/// <summary>An address and a port from a SIP message; 0.0.0.0 if unknown, as for a name.</summary>
public readonly record struct SipEndpoint(HepAddress Address, ushort Port)
{
    private const ushort SipPort = 5060;
    private const ushort SipsPort = 5061;

    public bool IsUnknown => Address.IsUnspecified;

    /// <summary>Sender of the request: what its receiver noted in the Via (<c>received</c>, <c>rport</c>), else what the sender wrote.</summary>
    public static SipEndpoint OfVia(ReadOnlySpan<byte> via)
    {
        int blank = via.IndexOf((byte)' ');
        ReadOnlySpan<byte> value = blank < 0 ? default : via[(blank + 1)..].TrimStart((byte)' ');
        int comma = value.IndexOf((byte)',');
        value = comma < 0 ? value : value[..comma];
        int parameters = value.IndexOf((byte)';');
        SipEndpoint by = HostPort(parameters < 0 ? value : value[..parameters], SipPort);
        bool isReceived = HepAddress.TryParse(Unbracket(Parameter(value, ";received="u8)), out HepAddress address);
        ReadOnlySpan<byte> rport = Parameter(value, ";rport="u8);
        bool isPort = Utf8Parser.TryParse(rport, out ushort port, out int used) && used == rport.Length;
        return new SipEndpoint(isReceived ? address : by.Address, isPort && port != 0 ? port : by.Port);
    }

    /// <summary>Next hop of a request: its first Route, else its URI.</summary>
    public static SipEndpoint OfTarget(scoped in SipHead head) => OfUri(head.Route.IsEmpty ? head.RequestUri : head.Route);

    /// <summary>The host in <c>sip:user@host:port;parameters</c>, also inside <c>&lt;…&gt;</c> after a name.</summary>
    public static SipEndpoint OfUri(ReadOnlySpan<byte> text)
    {
        text = text[(text.IndexOf((byte)'<') + 1)..];
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

    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before)
    {
        int start = text.IndexOf(before);
        ReadOnlySpan<byte> rest = start < 0 ? default : text[(start + before.Length)..];
        int length = rest.IndexOf((byte)';');
        return length < 0 ? rest : rest[..length];
    }
}
