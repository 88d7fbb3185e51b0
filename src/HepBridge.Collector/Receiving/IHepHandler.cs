using System.Net;
using HepBridge.Hep;

namespace HepBridge.Collector.Receiving;

/// <summary>
/// Receives everything from a <see cref="HepListener"/>. Calls never overlap, and spans are only valid during the call.
/// An exception ends the listener (<see cref="HepListener.Completion"/>).
/// </summary>
internal interface IHepHandler
{
    /// <summary>A packet arrived.</summary>
    /// <param name="packet">Its fields.</param>
    /// <param name="bytes">Its bytes, for chunks that <see cref="HepPacket"/> lacks and for storing.</param>
    /// <param name="sender">Its sender.</param>
    void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender);

    /// <summary>Bytes that are not a packet arrived and were dropped.</summary>
    void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender);
}

/// <summary>Sender and transport of a HEP packet; an IPv4 peer of an IPv6 socket is stored as IPv4.</summary>
internal readonly record struct HepSender(IPEndPoint EndPoint, SenderTransport Transport)
{
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
