using System.Text;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>One switch of the network.</summary>
public sealed class Peer
{
    private bool _conflict;

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

    /// <summary>How often it was restarted under our eyes.</summary>
    public int Restarts { get; private set; }

    internal byte[] Key { get; }

    internal byte[] CoreUuid { get; private set; }

    internal byte[] EarlierCoreUuid { get; private set; } = [];

    internal void Restart(ReadOnlySpan<byte> coreUuid)
    {
        EarlierCoreUuid = CoreUuid;
        CoreUuid = coreUuid.ToArray();
        Restarts++;
        _conflict = false;
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
        _conflict = false;
    }

    internal bool FlagConflict()
    {
        bool isNew = !_conflict;
        _conflict = true;
        return isNew;
    }
}
