using HepBridge.Hep;

namespace HepBridge.Collector.Receiving;

/// <summary>
/// What <see cref="HepListener"/> calls for all that it receives: never two calls at once, and the spans are gone when a call returns.
/// An exception ends the listener (<see cref="HepListener.Completion"/>).
/// </summary>
internal interface IHepHandler
{
    /// <summary>A packet came.</summary>
    /// <param name="packet">What it says.</param>
    /// <param name="bytes">The packet as it came, for chunks that <see cref="HepPacket"/> lacks or for keeping.</param>
    /// <param name="sender">Who sent it.</param>
    void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender);

    /// <summary>Bytes came that are no packet, and were dropped.</summary>
    void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender);
}
