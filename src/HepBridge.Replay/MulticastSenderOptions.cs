using System.Net;

namespace HepBridge.Replay;

/// <summary>How to send events to a group; defaults as in mod_event_multicast.</summary>
internal sealed record MulticastSenderOptions
{
    /// <summary>The group (or a host) and the port.</summary>
    public IPEndPoint Group { get; init; } = new(new IPAddress([225, 1, 1, 1]), 4242);

    /// <summary>Interface name or one of its addresses; null for the routing table's choice.</summary>
    public string? Interface { get; init; }

    /// <summary>The psk; null for plaintext.</summary>
    public string? Psk { get; init; }

    /// <summary>Number of routers a datagram may pass, plus one.</summary>
    public int TimeToLive { get; init; } = 1;

    /// <summary>Whether receivers on this host hear it, too.</summary>
    public bool Loopback { get; init; }

    /// <summary><c>Multicast-Sender</c> for events that have none; empty adds none.</summary>
    public string SenderName { get; init; } = "";
}
