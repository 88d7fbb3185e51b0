using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Collector.Receiving;

/// <summary>Passes packets to the page's store and to another handler.</summary>
internal sealed class ViewerHandler(CallStore store, IHepHandler next) : IHepHandler
{
    // Time of the previous packet in a file.
    private long _recorded;

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        if (sender.Transport == SenderTransport.File)
        {
            store.Add(bytes, ref _recorded);
        }
        else
        {
            store.Add(bytes);
        }

        next.OnPacket(packet, bytes, sender);
    }

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => next.OnMalformed(reason, bytes, sender);
}
