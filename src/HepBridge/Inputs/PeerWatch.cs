using System.Text;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>The switches behind an input, by their HEARTBEATs: logs and reports which come, go and restart. Requires the pipeline's lock.</summary>
internal sealed class PeerWatch(InputBinding binding, EventPipeline pipeline, TimeSpan timeout, ILogger logger)
{
    private readonly List<Peer> _down = [];
    private readonly List<byte[]> _gone = [];

    /// <summary>The switches heard, up or down.</summary>
    public PeerTable Table { get; } = new(timeout);

    /// <summary>Looks at an event, before the pipeline does.</summary>
    public void Observe(scoped in FreeSwitchEvent e, SenderAddress sender, DateTimeOffset now)
    {
        Span<byte> scratch = stackalloc byte[256];
        HeaderValue name = EventText.FirstOf(e, KnownHeader.FreeSwitchSwitchname, KnownHeader.FreeSwitchHostname);
        PeerChange change = Table.Observe(
            name.DecodeId(scratch), e.Get(KnownHeader.CoreUuid).Raw, sender, e.Kind == EventKind.Heartbeat, now, out Peer? peer);
        switch (change)
        {
            case PeerChange.Up:
                Log.PeerUp(logger, peer!.Name, peer.Address.ToString());
                Report(peer, "PEER_UP"u8);
                break;
            case PeerChange.Restarted:
                Log.PeerRestarted(logger, peer!.Name, peer.Address.ToString());
                Report(peer, "PEER_RESTARTED"u8);
                break;
            case PeerChange.NameConflict:
                Log.PeerNameConflict(logger, peer!.Name);
                break;
        }
    }

    /// <summary>Finds switches that went down.</summary>
    public void Tick(DateTimeOffset now)
    {
        Table.Tick(now, _down, _gone);
        foreach (Peer peer in _down)
        {
            Log.PeerDown(logger, peer.Name, timeout.TotalSeconds);
            Report(peer, "PEER_DOWN"u8);
        }

        _down.Clear();
        foreach (byte[] coreUuid in _gone)
        {
            pipeline.ForgetSwitch(coreUuid);
        }

        _gone.Clear();
    }

    private void Report(Peer peer, ReadOnlySpan<byte> state)
    {
        if (binding.Plan.Options.PeerEvents)
        {
            pipeline.ReportPeer(binding, state, Encoding.UTF8.GetBytes(peer.Name), Hep.HepAddress.From(peer.Address.ToIPAddress()));
        }
    }
}
