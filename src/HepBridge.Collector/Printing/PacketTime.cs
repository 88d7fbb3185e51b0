using System.Globalization;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>Formats a packet's time.</summary>
internal static class PacketTime
{
    /// <summary>ISO 8601, UTC, with microseconds: 2026-11-21T22:55:19.500714Z.</summary>
    public static string Format(in HepPacket packet) =>
        DateTime.UnixEpoch.AddSeconds(packet.Seconds).AddTicks(packet.Microseconds * TimeSpan.TicksPerMicrosecond)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
