using System.Globalization;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>Fields of a packet as text.</summary>
internal static class PacketText
{
    /// <summary>Its time in ISO 8601, UTC, with microseconds: 2026-11-21T22:55:19.500714Z.</summary>
    public static string Time(in HepPacket packet) =>
        DateTime.UnixEpoch.AddSeconds(packet.Seconds).AddTicks(packet.Microseconds * TimeSpan.TicksPerMicrosecond)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Its source address; null if the packet has no such chunk, which the decoder reads as 0.0.0.0.</summary>
    public static string? Source(in HepPacket packet, ReadOnlySpan<byte> bytes) => Address(packet.Source, bytes, HepChunk.SourceIPv4, HepChunk.SourceIPv6);

    /// <summary>Its destination address; null if the packet has no such chunk.</summary>
    public static string? Destination(in HepPacket packet, ReadOnlySpan<byte> bytes) =>
        Address(packet.Destination, bytes, HepChunk.DestinationIPv4, HepChunk.DestinationIPv6);

    private static string? Address(HepAddress address, ReadOnlySpan<byte> bytes, ushort ipv4, ushort ipv6) =>
        address.IsUnspecified && !HepChunkReader.TryFind(bytes, ipv4, out _) && !HepChunkReader.TryFind(bytes, ipv6, out _) ? null : address.ToString();
}

/// <summary>The usual name of a payload type.</summary>
internal static class PayloadTypeName
{
    /// <summary>A short name in capitals; "TYPE 77" for a number without one. The three types of quality reports are all "QOS".</summary>
    public static string Of(HepPayloadType type) => type switch
    {
        HepPayloadType.MosFull or HepPayloadType.MosShort or HepPayloadType.Report => "QOS",
        HepPayloadType.SipJson => "SIP JSON",
        HepPayloadType.DnsJson => "DNS",
        HepPayloadType.IsupJson => "ISUP",
        HepPayloadType.GsmMap => "GSM MAP",
        HepPayloadType.RtcpPion => "RTCP PION",
        _ when Enum.IsDefined(type) => type.ToString().ToUpperInvariant(),
        _ => $"TYPE {(byte)type}",
    };
}
