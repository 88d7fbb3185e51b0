using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>What happened to one address that a receiver listens to.</summary>
public enum ListenerState
{
    /// <summary>Bound, and the group joined.</summary>
    Listening,

    /// <summary>The interface was away or down and is back: the group was joined again.</summary>
    Rejoined,

    /// <summary>Not possible now; tried again every <see cref="MulticastReceiverOptions.CheckInterval"/>.</summary>
    Waiting,
}

/// <summary>A change of one listening address.</summary>
public sealed record MulticastListenerStatus
{
    /// <summary>The group, or this host's address.</summary>
    public required IPAddress Address { get; init; }

    public required ListenerState State { get; init; }

    /// <summary>The UDP port; the one that the system chose, if 0 was asked for.</summary>
    public required int Port { get; init; }

    /// <summary>The interface that the group is joined on; null for an address of this host.</summary>
    public string? Interface { get; init; }

    /// <summary>The receive buffer that the kernel granted, in bytes.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>The receive buffer that was asked for; more than granted: raise <c>net.core.rmem_max</c> to this.</summary>
    public int WantedReceiveBuffer { get; init; }

    /// <summary>Why it waits: one sentence, with what to do; null otherwise.</summary>
    public string? Problem { get; init; }
}
