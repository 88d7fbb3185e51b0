using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>State of one listening address.</summary>
public enum ListenerState
{
    /// <summary>Bound and joined.</summary>
    Listening,

    /// <summary>The interface was down or away and is back: rejoined.</summary>
    Rejoined,

    /// <summary>Unavailable; retried every <see cref="MulticastReceiverOptions.CheckInterval"/>.</summary>
    Waiting,
}

/// <summary>A change of one listening address.</summary>
public sealed record MulticastListenerStatus
{
    /// <summary>The group, or this host's address.</summary>
    public required IPAddress Address { get; init; }

    public required ListenerState State { get; init; }

    /// <summary>The UDP port; the actual one if 0 was requested.</summary>
    public required int Port { get; init; }

    /// <summary>The interface of the membership; null for an address of this host.</summary>
    public string? Interface { get; init; }

    /// <summary>The receive buffer granted by the kernel, in bytes.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>The receive buffer requested; if more than granted, raise <c>net.core.rmem_max</c> to this.</summary>
    public int WantedReceiveBuffer { get; init; }

    /// <summary>Why it is unavailable: one sentence with advice; null otherwise.</summary>
    public string? Problem { get; init; }
}
