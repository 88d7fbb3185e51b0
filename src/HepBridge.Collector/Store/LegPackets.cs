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
