using HepBridge.Hep;
using HepBridge.Viewer.Store;

namespace HepBridge.Listening;

/// <summary>Gives what comes to the page's store, and to another handler.</summary>
internal sealed class ViewerHandler(CallStore store, IHepHandler next) : IHepHandler
{
    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        store.Add(bytes);
        next.OnPacket(packet, bytes, sender);
    }

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => next.OnMalformed(reason, bytes, sender);
}
