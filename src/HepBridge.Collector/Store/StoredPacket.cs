using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>A packet as the viewer keeps it: the HEP3 bytes without key and secrets, and what is needed to sort it.</summary>
/// <param name="Number">Its number within the call, from 1, never used twice.</param>
/// <param name="Time">Microseconds since 1970, UTC.</param>
/// <param name="TimeIsArrival">Whether that is the time of arrival, since the packet's own is impossible.</param>
/// <param name="Type">What it carries.</param>
/// <param name="Bytes">The whole HEP3 packet, never changed.</param>
internal sealed record StoredPacket(int Number, long Time, bool TimeIsArrival, HepPayloadType Type, byte[] Bytes)
{
    /// <summary>Cost of an entry in addition to its bytes: object headers, the reference in the list.</summary>
    public const int Overhead = 96;

    public long Cost => Bytes.Length + Overhead;
}
