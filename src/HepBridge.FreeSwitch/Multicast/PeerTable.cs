using HepBridge.FreeSwitch.Events;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// The switches whose HEARTBEATs arrive: up with the first one, down when none comes for a while, restarted when the Core-UUID changes.
/// Holds a limited number. Not thread-safe.
/// </summary>
/// <param name="timeout">A peer without HEARTBEAT for longer than this is down.</param>
/// <param name="capacity">How many peers are held at most, those that are down included.</param>
public sealed class PeerTable(TimeSpan timeout, int capacity = PeerTable.DefaultCapacity)
{
    /// <summary>How many peers are held unless asked otherwise.</summary>
    public const int DefaultCapacity = 1000;

    private readonly Dictionary<byte[], Peer> _peers = new(ByteKeyComparer.Instance);

    /// <summary>How many peers are up.</summary>
    public int Up { get; private set; }

    /// <summary>How many peers are known, up or down.</summary>
    public int Count => _peers.Count;

    /// <summary>How many HEARTBEATs of further peers found no room.</summary>
    public long Refused { get; private set; }

    /// <summary>All peers, in no order.</summary>
    public IReadOnlyCollection<Peer> Peers => _peers.Values;

    /// <summary>Takes note of an event; allocates nothing for a known peer.</summary>
    /// <param name="name">The switch's name (<c>FreeSWITCH-Switchname</c>, else <c>FreeSWITCH-Hostname</c>).</param>
    /// <param name="coreUuid">Its <c>Core-UUID</c>.</param>
    /// <param name="sender">Where the datagram came from.</param>
    /// <param name="isHeartbeat">Whether it is a HEARTBEAT: only these make a peer up. Any event shows a restart.</param>
    /// <param name="now">The time of arrival.</param>
    /// <param name="peer">The peer, if it is known.</param>
    /// <returns>What changed.</returns>
    public PeerChange Observe(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> coreUuid, SenderAddress sender, bool isHeartbeat, DateTimeOffset now, out Peer? peer)
    {
        var byName = _peers.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!byName.TryGetValue(name, out peer))
        {
            return isHeartbeat ? Add(name, coreUuid, sender, now, out peer) : PeerChange.None;
        }

        peer.Events++;
        bool same = coreUuid.SequenceEqual(peer.CoreUuid);
        if (!same && peer.IsUp && (peer.HasConflict || peer.WasEarlier(coreUuid)))
        {
            // A late datagram of the time before a restart; but a HEARTBEAT of it means that two switches live under one name,
            // and from then on another Core-UUID is no sign of a restart.
            return isHeartbeat && peer.FlagConflict() ? PeerChange.NameConflict : PeerChange.None;
        }

        if (isHeartbeat)
        {
            peer.LastHeartbeat = now;
            peer.Address = sender;
        }

        if (!same)
        {
            bool wasUp = peer.IsUp;
            peer.Restart(coreUuid);
            if (wasUp)
            {
                return PeerChange.Restarted;
            }
        }

        return isHeartbeat && !peer.IsUp ? SetUp(peer, now) : PeerChange.None;
    }

    /// <summary>Finds the peers that have gone down by now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="down">Receives them.</param>
    public void Tick(DateTimeOffset now, ICollection<Peer> down)
    {
        ArgumentNullException.ThrowIfNull(down);
        foreach (Peer peer in _peers.Values)
        {
            if (peer.IsUp && now - peer.LastHeartbeat > timeout)
            {
                peer.SetDown(now);
                Up--;
                down.Add(peer);
            }
        }
    }

    private PeerChange Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> coreUuid, SenderAddress sender, DateTimeOffset now, out Peer? peer)
    {
        peer = null;
        if (_peers.Count >= capacity && !DropOldestDown())
        {
            Refused++;
            return PeerChange.None;
        }

        peer = new Peer(name, coreUuid, sender) { LastHeartbeat = now, Events = 1 };
        _peers.Add(peer.Key, peer);
        return SetUp(peer, now);
    }

    private PeerChange SetUp(Peer peer, DateTimeOffset now)
    {
        peer.SetUp(now);
        Up++;
        return PeerChange.Up;
    }

    private bool DropOldestDown()
    {
        Peer? oldest = null;
        foreach (Peer peer in _peers.Values)
        {
            if (!peer.IsUp && (oldest is null || peer.Since < oldest.Since))
            {
                oldest = peer;
            }
        }

        return oldest is not null && _peers.Remove(oldest.Key);
    }
}
