using System.Net;

namespace HepBridge.Listening;

/// <summary>Who sent a HEP packet, and by which transport; an IPv4 peer of an IPv6 socket stands here as IPv4.</summary>
internal readonly record struct HepSender(IPEndPoint EndPoint, HepTransport Transport)
{
    /// <summary>"UDP", "TCP" or "file".</summary>
    public string TransportName => Transport switch
    {
        HepTransport.Udp => "UDP",
        HepTransport.Tcp => "TCP",
        _ => "file",
    };

    public static HepSender Of(EndPoint endPoint, HepTransport transport)
    {
        var ip = (IPEndPoint)endPoint;
        return new HepSender(ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip, transport);
    }
}
