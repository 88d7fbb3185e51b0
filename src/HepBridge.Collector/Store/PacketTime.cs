using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>A packet's time, or the time of arrival if that is impossible.</summary>
/// <param name="Microseconds">Since 1970, UTC.</param>
/// <param name="IsArrival">Whether this is the time of arrival.</param>
internal readonly record struct PacketTime(long Microseconds, bool IsArrival)
{
    private const uint MicrosecondsPerSecond = 1_000_000;

    // 2000-01-01, years before HEP: agents without a clock send 0, or seconds since their start.
    private const uint Earliest = 946_684_800;

    // No usable clock is a day ahead. NTP seconds, which some agents send, are decades ahead.
    private const long MaxAhead = 86_400L * MicrosecondsPerSecond;

    /// <summary>The packet's time, or <paramref name="arrival"/> if that is impossible: before 2000, over a day ahead, or with over 999,999 µs.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="arrival">Microseconds since 1970.</param>
    /// <param name="now">Microseconds since 1970.</param>
    public static PacketTime Of(in HepPacket packet, long arrival, long now)
    {
        long time = ((long)packet.Seconds * MicrosecondsPerSecond) + packet.Microseconds;
        bool possible = packet.Seconds >= Earliest && packet.Microseconds < MicrosecondsPerSecond && time <= now + MaxAhead;
        return possible ? new PacketTime(time, IsArrival: false) : new PacketTime(arrival, IsArrival: true);
    }

    /// <summary>The clock's time in microseconds since 1970.</summary>
    public static long Now(TimeProvider clock) => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
