using HepBridge.Hep;

namespace HepBridge.Collector.Receiving;

/// <summary>The addresses of a packet as text; null if the packet has no such chunk, which the decoder reads as 0.0.0.0.</summary>
internal static class AddressText
{
    public static string? Source(in HepPacket packet, ReadOnlySpan<byte> bytes) => Text(packet.Source, bytes, HepChunk.SourceIPv4, HepChunk.SourceIPv6);

    public static string? Destination(in HepPacket packet, ReadOnlySpan<byte> bytes) =>
        Text(packet.Destination, bytes, HepChunk.DestinationIPv4, HepChunk.DestinationIPv6);

    private static string? Text(HepAddress address, ReadOnlySpan<byte> bytes, ushort ipv4, ushort ipv6) =>
        address.IsUnspecified && !HepChunkReader.TryFind(bytes, ipv4, out _) && !HepChunkReader.TryFind(bytes, ipv6, out _) ? null : address.ToString();
}
