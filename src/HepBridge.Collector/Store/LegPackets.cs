using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>A leg's packets. A long leg keeps its start (the setup) and its newest packets.</summary>
internal sealed class LegPackets
{
    private const int KeptBeginning = 500;
    private readonly List<StoredPacket> _packets = new(8);
    private int _nextNumber = 1;

    public IReadOnlyList<StoredPacket> All => _packets;
    public long Bytes { get; private set; }

    /// <summary>Packets that made room for newer ones.</summary>
    public long Dropped { get; private set; }

    public void Add(long time, bool timeIsArrival, HepPayloadType type, byte[] bytes, CallStoreOptions options)
    {
        StoredPacket stored = new(_nextNumber++, time, timeIsArrival, type, bytes);
        _packets.Add(stored);
        Bytes += stored.Cost;
        while (_packets.Count > 1 && (_packets.Count > options.MaxPacketsPerLeg || Bytes > options.MaxBytesPerLeg))
        {
            int leaves = _packets.Count > KeptBeginning + 1 ? KeptBeginning : 0;
            Bytes -= _packets[leaves].Cost;
            _packets.RemoveAt(leaves);
            Dropped++;
        }
    }
}

/// <summary>A stored packet: its HEP3 bytes without key and secrets, and the fields to sort it by.</summary>
/// <param name="Number">Its number within the leg, from 1, never reused.</param>
/// <param name="Time">Microseconds since 1970, UTC.</param>
/// <param name="TimeIsArrival">Whether that is the time of arrival, because the packet's own is impossible.</param>
/// <param name="Type">Payload type.</param>
/// <param name="Bytes">The whole HEP3 packet; never modified.</param>
internal sealed record StoredPacket(int Number, long Time, bool TimeIsArrival, HepPayloadType Type, byte[] Bytes)
{
    /// <summary>Memory of an entry in addition to its bytes: object headers, the reference in the list.</summary>
    public const int Overhead = 96;

    public long Cost => Bytes.Length + Overhead;
}

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
