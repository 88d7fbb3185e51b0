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
