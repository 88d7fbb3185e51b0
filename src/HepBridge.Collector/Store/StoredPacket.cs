using HepBridge.Hep;

namespace HepBridge.Collector.Store;

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
