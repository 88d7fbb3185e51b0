using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Collector.Printing;

/// <summary>A form in which packets are printed.</summary>
internal interface IPacketPrinter
{
    /// <summary>Prints one packet, at once and whole.</summary>
    void Print(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender);
}
