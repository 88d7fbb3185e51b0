using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Configuration.Values;

/// <summary>Kinds of value that name a host, an address, a network or a place to listen at.</summary>
internal static class Address
{
    /// <summary>A name, or an address: "fs1.example.net", "192.0.2.1", "2001:db8::1". An IPv6 address loses its square brackets.</summary>
    public static ValueParser<string> Host { get; } = new("a host", "write a name or an IP address, without a port", TryMakeHost);

    /// <summary>A host with or without its port: "host", "host:port", "[v6]:port". The port is 0 where none is written.</summary>
    public static ValueParser<HepServer> Server { get; } =
        new("a server", "write \"host\", \"host:port\" or \"[IPv6 address]:port\"", TryMakeServer);

    /// <summary>An IPv4 or IPv6 address, no name.</summary>
    public static ValueParser<IPAddress> Ip { get; } = new("an IP address", "write one such as 192.0.2.1 or 2001:db8::1", TryMakeIp);

    /// <summary>An address for HEP's chunks.</summary>
    public static ValueParser<HepAddress?> Hep { get; } = new("an IP address", Ip.Advice, (string text, out HepAddress? value) =>
    {
        value = TryMakeIp(text, out IPAddress? address) ? HepAddress.From(address) : null;
        return value is not null;
    });

    /// <summary>A network or one address: "10.0.0.0/8", "192.0.2.7".</summary>
    public static ValueParser<IPNetwork> Network { get; } = new(
        "a network",
        "write one such as 10.0.0.0/8 or 2001:db8::/32, or one address",
        (string text, out IPNetwork value) =>
        {
            if (text.Contains('/', StringComparison.Ordinal))
            {
                return IPNetwork.TryParse(text, out value) && TryMakeIp(text[..text.IndexOf('/', StringComparison.Ordinal)], out _);
            }

            bool isAddress = TryMakeIp(text, out IPAddress? address);
            value = isAddress ? new IPNetwork(address!, address!.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) : default;
            return isAddress;
        });

    /// <summary>An address and port to listen at: "127.0.0.1:9096", "[::1]:9096", "localhost:9096"; port 0: any free one.</summary>
    public static ValueParser<string> Listen { get; } = new(
        "an address to listen at",
        "write an IP address (or localhost) and a port, such as 127.0.0.1:9096",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            string ip = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;
            int colon = ip.LastIndexOf(':');
            bool isV6 = ip.StartsWith('[');
            value = null;
            if (colon > 0
                && (isV6 ? ip[colon - 1] == ']' : ip.IndexOf(':', StringComparison.Ordinal) == colon)
                && TryMakeIp(isV6 ? ip[1..(colon - 1)] : ip[..colon], out IPAddress? address)
                && ushort.TryParse(ip.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            {
                value = new IPEndPoint(address, port).ToString();
            }

            return value is not null;
        });

    /// <summary>Whether a place of kind <see cref="Listen"/> is reached from this host only.</summary>
    public static bool IsLoopback(string listen) => IPEndPoint.TryParse(listen, out IPEndPoint? endPoint) && IPAddress.IsLoopback(endPoint.Address);

    private static bool TryMakeServer(string text, [MaybeNullWhen(false)] out HepServer value)
    {
        value = null;
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon);
        if (!TryMakeHost(hasPort ? text[..colon] : text, out string? host))
        {
            return false;
        }

        int port = 0;
        if (hasPort && !NumericValues.Port.TryMake(text[(colon + 1)..], out port))
        {
            return false;
        }

        value = new HepServer(host, port);
        return true;
    }

    private static bool TryMakeHost(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            value = text is ['[', .., ']'] ? text[1..^1] : text;
            return TryMakeIp(value, out _);
        }

        // A name that could be meant as an IPv4 address must be one.
        bool isName = text.Length is > 0 and < 254 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isName && (text.Any(char.IsAsciiLetter) ? text[0] != '.' && !text.Contains("..", StringComparison.Ordinal) : TryMakeIp(text, out _));
    }

    private static bool TryMakeIp(string text, [NotNullWhen(true)] out IPAddress? value)
    {
        // The class library takes "1" and "0x7f.1" for addresses too; HepAddress does not.
        value = null;
        return text.Length < 64 && HepAddress.TryParse(Encoding.UTF8.GetBytes(text), out _) && IPAddress.TryParse(text, out value);
    }
}
