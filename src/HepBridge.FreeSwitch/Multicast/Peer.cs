using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

public sealed class Peer
{
    // Switches that share a name show up within one round of HEARTBEATs, so this many distinct ids are enough to tell.
    private const int KeptCoreUuids = 8;

    private readonly List<byte[]> _earlier = [];

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

    /// <summary>Restarts observed.</summary>
    public int Restarts { get; private set; }

    /// <summary>Whether several switches send under this name.</summary>
    public bool HasConflict { get; private set; }

    /// <summary>The Core-UUID before its last restart; empty if none was seen.</summary>
    public ReadOnlySpan<byte> EarlierCoreUuid => _earlier.Count == 0 ? default : _earlier[^1];

    internal byte[] Key { get; }

    internal byte[] CoreUuid { get; private set; }

    internal bool WasEarlier(ReadOnlySpan<byte> coreUuid)
    {
        foreach (byte[] earlier in _earlier)
        {
            if (coreUuid.SequenceEqual(earlier))
            {
                return true;
            }
        }

        return false;
    }

    internal void Restart(ReadOnlySpan<byte> coreUuid)
    {
        if (_earlier.Count == KeptCoreUuids)
        {
            _earlier.RemoveAt(0);
        }

        _earlier.Add(CoreUuid);
        CoreUuid = coreUuid.ToArray();
        Restarts++;
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
    }

    internal bool FlagConflict()
    {
        bool isNew = !HasConflict;
        HasConflict = true;
        return isNew;
    }
}
