using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.Configuration.Values;

/// <summary>Kinds of values that name a host, an address, a network or a listening address.</summary>
internal static class Address
{
    /// <summary>A host name or address: "fs1.example.net", "192.0.2.1", "2001:db8::1". Brackets around an IPv6 address are removed.</summary>
    public static ValueParser<string> Host { get; } = new("a host", "write a name or an IP address, without a port", TryMakeHost);

    /// <summary>A host with an optional port: "host", "host:port", "[v6]:port". The port is 0 if none is given.</summary>
    public static ValueParser<HepServer> Server { get; } =
        new("a server", "write \"host\", \"host:port\" or \"[IPv6 address]:port\"", TryMakeServer);

    /// <summary>An IPv4 or IPv6 address, not a name.</summary>
    public static ValueParser<IPAddress> Ip { get; } = new("an IP address", "write one such as 192.0.2.1 or 2001:db8::1", TryMakeIp);

    public static ValueParser<HepAddress?> Hep { get; } = new("an IP address", Ip.Advice, (string text, out HepAddress? value) =>
    {
        value = TryMakeIp(text, out IPAddress? address) ? HepAddress.From(address) : null;
        return value is not null;
    });

    /// <summary>A network or a single address: "10.0.0.0/8", "192.0.2.7".</summary>
    public static ValueParser<IPNetwork> Network { get; } = new(
        "a network",
        "write one such as 10.0.0.0/8 or 2001:db8::/32, or a single address",
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

    /// <summary>An address and port to listen on: "127.0.0.1:9096", "[::1]:9096", "localhost:9096"; port 0 for any free one.</summary>
    public static ValueParser<string> Listen { get; } = new(
        "an address to listen on",
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

    /// <summary>Whether an address of kind <see cref="Listen"/> can only be reached from this host.</summary>
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

        // A name that looks like an IPv4 address must be one.
        bool isName = text.Length is > 0 and < 254 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isName && (text.Any(char.IsAsciiLetter) ? text[0] != '.' && !text.Contains("..", StringComparison.Ordinal) : TryMakeIp(text, out _));
    }

    private static bool TryMakeIp(string text, [NotNullWhen(true)] out IPAddress? value)
    {
        // IPAddress.TryParse also accepts "1" and "0x7f.1"; HepAddress does not.
        value = null;
        return text.Length < 64 && HepAddress.TryParse(Encoding.UTF8.GetBytes(text), out _) && IPAddress.TryParse(text, out value);
    }
}
