using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

public sealed class Peer
{
    // Switches that share a name show up within one round of HEARTBEATs, so this many distinct ids are enough to tell.
    private const int KeptCoreUuids = 8;

    private readonly List<EarlierCore> _earlier = [];
    private bool _hasRival;

    internal Peer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> coreUuid, SenderAddress address)
    {
        Key = name.ToArray();
        Name = Encoding.UTF8.GetString(name);
        CoreUuid = coreUuid.ToArray();
        Address = address;
    }

    /// <summary>The switch's name as received.</summary>
    public string Name { get; }

    /// <summary>Source of its last HEARTBEAT.</summary>
    public SenderAddress Address { get; internal set; }

    public bool IsUp { get; private set; }

    public DateTimeOffset Since { get; private set; }

    public DateTimeOffset LastHeartbeat { get; internal set; }

    /// <summary>Events received under its name.</summary>
    public long Events { get; internal set; }

    public int Restarts { get; internal set; }

    /// <summary>Whether several switches send under this name.</summary>
    public bool HasConflict { get; private set; }

    internal byte[] Key { get; }

    internal byte[] CoreUuid { get; private set; }

    /// <summary>When its current Core-UUID was last heard.</summary>
    internal DateTimeOffset LastEvent { get; set; }

    /// <summary>Another address sent a HEARTBEAT with this name and another Core-UUID: two switches, if this one is heard again.</summary>
    internal void NoteRival() => _hasRival = true;

    internal bool TakeRival() => _hasRival && !(_hasRival = false);

    /// <summary>Whether the switch had this Core-UUID before; if so, it is still alive.</summary>
    internal bool NoteEarlier(ReadOnlySpan<byte> coreUuid, DateTimeOffset now)
    {
        foreach (EarlierCore earlier in _earlier)
        {
            if (coreUuid.SequenceEqual(earlier.CoreUuid))
            {
                earlier.LastEvent = now;
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes an earlier Core-UUID that has been silent since <paramref name="limit"/>; null if there is none.</summary>
    internal byte[]? TakeSilent(DateTimeOffset limit)
    {
        foreach (EarlierCore earlier in _earlier)
        {
            if (!earlier.IsForgotten && earlier.LastEvent < limit)
            {
                earlier.IsForgotten = true;
                return earlier.CoreUuid;
            }
        }

        return null;
    }

    internal void ChangeCore(ReadOnlySpan<byte> coreUuid, DateTimeOffset now)
    {
        if (_earlier.Count == KeptCoreUuids)
        {
            _earlier.RemoveAt(0);
        }

        _earlier.Add(new EarlierCore(CoreUuid, LastEvent));
        CoreUuid = coreUuid.ToArray();
        _earlier.RemoveAll(earlier => earlier.CoreUuid.AsSpan().SequenceEqual(CoreUuid));
        LastEvent = now;
    }

    internal void SetUp(DateTimeOffset now)
    {
        IsUp = true;
        Since = now;
    }

    internal void SetDown(DateTimeOffset now)
    {
        IsUp = false;
        Since = now;
        HasConflict = false;
        _hasRival = false;
    }

    internal bool FlagConflict()
    {
        bool isNew = !HasConflict;
        HasConflict = true;
        return isNew;
    }

    private sealed class EarlierCore(byte[] coreUuid, DateTimeOffset lastEvent)
    {
        public byte[] CoreUuid { get; } = coreUuid;

        public DateTimeOffset LastEvent { get; set; } = lastEvent;

        public bool IsForgotten { get; set; }
    }
}
