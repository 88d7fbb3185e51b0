using System.Net;

namespace HepBridge.Collector.Receiving;

/// <summary>Sender and transport of a HEP packet; an IPv4 peer of an IPv6 socket is stored as IPv4.</summary>
internal readonly record struct HepSender(IPEndPoint EndPoint, SenderTransport Transport)
{
    /// <summary>"UDP", "TCP" or "file".</summary>
    public string TransportName => Transport switch
    {
        SenderTransport.Udp => "UDP",
        SenderTransport.Tcp => "TCP",
        _ => "file",
    };

    public static HepSender Of(EndPoint endPoint, SenderTransport transport)
    {
        IPEndPoint ip = (IPEndPoint)endPoint;
        return new HepSender(ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip, transport);
    }
}

/// <summary>How a HEP packet arrived.</summary>
internal enum SenderTransport
{
    Udp,
    Tcp,

    File,
}
