namespace HepBridge.FreeSwitch.Multicast;

/// <summary>What an event changed in the <see cref="PeerTable"/>.</summary>
public enum PeerChange
{
    None,

    /// <summary>The first HEARTBEAT, or the first after being down.</summary>
    Up,

    /// <summary>A new Core-UUID under the same name: the switch restarted, its calls are gone.</summary>
    Restarted,

    /// <summary>Two Core-UUIDs send HEARTBEATs under one name: two switches share it. Reported once until the peer goes down.</summary>
    NameConflict,
}
