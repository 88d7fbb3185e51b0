using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>One switch of the network.</summary>
public sealed class Peer
{
    // Switches that share a name show within one round of HEARTBEATs: more of them than this are no accident.
    private const int KeptCoreUuids = 8;

    private readonly List<byte[]> _earlier = [];

    internal Peer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> coreUuid, SenderAddress address)
    {
        Key = name.ToArray();
        Name = Encoding.UTF8.GetString(name);
        CoreUuid = coreUuid.ToArray();
        Address = address;
    }

    /// <summary>The switch's name, as it came.</summary>
    public string Name { get; }

    /// <summary>Where its last HEARTBEAT came from.</summary>
    public SenderAddress Address { get; internal set; }

    /// <summary>Whether HEARTBEATs arrive.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Since when it is up or down.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>When its last HEARTBEAT arrived.</summary>
    public DateTimeOffset LastHeartbeat { get; internal set; }

    /// <summary>Events that came under its name.</summary>
    public long Events { get; internal set; }

    /// <summary>How often it was restarted under our eyes.</summary>
    public int Restarts { get; private set; }

    /// <summary>Whether several switches send under this name.</summary>
    public bool HasConflict { get; private set; }

    /// <summary>The Core-UUID that it had before its last restart; empty: none was seen.</summary>
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
