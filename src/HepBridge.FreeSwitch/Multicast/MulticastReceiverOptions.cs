using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>What a <see cref="MulticastReceiver"/> listens to, and whom it believes.</summary>
public sealed class MulticastReceiverOptions
{
    /// <summary>Groups to join, or addresses of this host to listen on; IPv4 and IPv6 may be mixed.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>The UDP port.</summary>
    public required int Port { get; init; }

    /// <summary>The interface's name, or one of its addresses; null: the one with the route to the group.</summary>
    public string? Interface { get; init; }

    /// <summary>The senders' psk, a secret; null: plaintext.</summary>
    public string? Psk { get; init; }

    /// <summary>The networks that senders may be in; empty: everyone.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary>The receive buffer to ask the kernel for, in bytes, for each address.</summary>
    public int ReceiveBuffer { get; init; } = 16 * 1024 * 1024;

    /// <summary>How often the interfaces are looked at, and a listener that can't be opened is tried again.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(5);
}
