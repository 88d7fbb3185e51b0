using HepBridge.FreeSwitch.Events;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// The switches whose HEARTBEATs arrive: up with the first one, down after a timeout, restarted when the Core-UUID changes. Without a psk anyone
/// can send a HEARTBEAT: an earlier Core-UUID is gone only once it has been silent for that timeout. Bounded. Not thread-safe.
/// </summary>
/// <param name="timeout">A peer is down after this long without a HEARTBEAT.</param>
/// <param name="capacity">Most peers, including those that are down.</param>
public sealed class PeerTable(TimeSpan timeout, int capacity = PeerTable.DefaultCapacity)
{
    public const int DefaultCapacity = 1000;

    private readonly Dictionary<byte[], Peer> _peers = new(ByteKeyComparer.Instance);

    public int Up { get; private set; }

    /// <summary>Number of known peers, up or down.</summary>
    public int Count => _peers.Count;

    /// <summary>HEARTBEATs of further peers, ignored because the table was full.</summary>
    public long Refused { get; private set; }

    public IReadOnlyCollection<Peer> Peers => _peers.Values;

    /// <summary>Records an event; allocates nothing for a known peer.</summary>
    /// <param name="name">The switch's name (<c>FreeSWITCH-Switchname</c>, else <c>FreeSWITCH-Hostname</c>).</param>
    /// <param name="coreUuid">Its <c>Core-UUID</c>.</param>
    /// <param name="sender">Source of the datagram.</param>
    /// <param name="isHeartbeat">Whether it is a HEARTBEAT: only these bring a peer up. Any event reveals a restart.</param>
    /// <param name="now">The time of arrival.</param>
    /// <param name="peer">The peer, if it is known.</param>
    /// <returns>What changed.</returns>
    public PeerChange Observe(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> coreUuid, SenderAddress sender, bool isHeartbeat, DateTimeOffset now, out Peer? peer)
    {
        if (!_peers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out peer))
        {
            return isHeartbeat ? Add(name, coreUuid, sender, now, out peer) : PeerChange.None;
        }

        peer.Events++;
        return coreUuid.SequenceEqual(peer.CoreUuid)
            ? ObserveCurrent(peer, sender, isHeartbeat, now)
            : ObserveOther(peer, coreUuid, sender, isHeartbeat, now);
    }

    /// <summary>Finds the peers that have gone down, and the Core-UUIDs of restarted peers that have been silent since.</summary>
    public void Tick(DateTimeOffset now, ICollection<Peer> down, ICollection<byte[]> gone)
    {
        ArgumentNullException.ThrowIfNull(down);
        ArgumentNullException.ThrowIfNull(gone);
        foreach (Peer peer in _peers.Values)
        {
            while (peer.TakeSilent(now - timeout) is { } coreUuid)
            {
                gone.Add(coreUuid);
            }

            if (peer.IsUp && now - peer.LastHeartbeat > timeout)
            {
                peer.SetDown(now);
                Up--;
                down.Add(peer);
            }
        }
    }

    /// <summary>Removes the peer with this Core-UUID, if there is one.</summary>
    public void Forget(ReadOnlySpan<byte> coreUuid)
    {
        foreach ((byte[] name, Peer peer) in _peers)
        {
            if (coreUuid.SequenceEqual(peer.CoreUuid))
            {
                Up -= peer.IsUp ? 1 : 0;
                _peers.Remove(name);
                return;
            }
        }
    }

    public void Clear()
    {
        _peers.Clear();
        Up = 0;
    }

    private PeerChange ObserveCurrent(Peer peer, SenderAddress sender, bool isHeartbeat, DateTimeOffset now)
    {
        peer.LastEvent = now;
        if (isHeartbeat)
        {
            peer.LastHeartbeat = now;
            peer.Address = sender;
            if (!peer.IsUp)
            {
                return SetUp(peer, now);
            }
        }

        return peer.TakeRival() && peer.FlagConflict() ? PeerChange.NameConflict : PeerChange.None;
    }

    private PeerChange ObserveOther(Peer peer, ReadOnlySpan<byte> coreUuid, SenderAddress sender, bool isHeartbeat, DateTimeOffset now)
    {
        bool wasEarlier = peer.NoteEarlier(coreUuid, now);
        if (peer.IsUp && (peer.HasConflict || wasEarlier))
        {
            // Possibly a late datagram from before a restart; but a HEARTBEAT of the old Core-UUID means that two switches share one name,
            // and from then on another Core-UUID does not indicate a restart.
            if (!isHeartbeat)
            {
                return PeerChange.None;
            }

            peer.LastHeartbeat = now;
            if (now - peer.LastEvent > timeout)
            {
                peer.ChangeCore(coreUuid, now);
            }

            return peer.FlagConflict() ? PeerChange.NameConflict : PeerChange.None;
        }

        if (peer.IsUp && sender != peer.Address)
        {
            // Anyone can send a switch's name: another address takes it over only once the switch is down.
            if (isHeartbeat)
            {
                peer.NoteRival();
            }

            return PeerChange.None;
        }

        peer.ChangeCore(coreUuid, now);
        peer.Restarts++;
        if (isHeartbeat)
        {
            peer.LastHeartbeat = now;
            peer.Address = sender;
        }

        return peer.IsUp ? PeerChange.Restarted : isHeartbeat ? SetUp(peer, now) : PeerChange.None;
    }

    private PeerChange Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> coreUuid, SenderAddress sender, DateTimeOffset now, out Peer? peer)
    {
        peer = null;
        if (_peers.Count >= capacity && !DropOldestDown())
        {
            Refused++;
            return PeerChange.None;
        }

        peer = new Peer(name, coreUuid, sender) { LastHeartbeat = now, LastEvent = now, Events = 1 };
        _peers.Add(peer.Key, peer);
        return SetUp(peer, now);
    }

    private PeerChange SetUp(Peer peer, DateTimeOffset now)
    {
        peer.SetUp(now);
        Up++;
        return PeerChange.Up;
    }

    // No LINQ: a flood of forged names gets here with every datagram.
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

/// <summary>What an event changed in the <see cref="PeerTable"/>.</summary>
public enum PeerChange
{
    None,

    /// <summary>The first HEARTBEAT, or the first after being down.</summary>
    Up,

    /// <summary>A new Core-UUID under the same name from the same address: the switch restarted.</summary>
    Restarted,

    /// <summary>Two Core-UUIDs send HEARTBEATs under one name: two switches share it. Reported once until the peer goes down.</summary>
    NameConflict,
}
