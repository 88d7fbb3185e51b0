using System.Net;

namespace HepBridge.FreeSwitch.Multicast;

public sealed class MulticastReceiverOptions
{
    /// <summary>Groups to join or addresses of this host to listen on, IPv4 and IPv6.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    public required int Port { get; init; }

    /// <summary>Interface name or one of its addresses; null for the one with the route to the group.</summary>
    public string? Interface { get; init; }

    /// <summary>The senders' psk, a secret; null for plaintext.</summary>
    public string? Psk { get; init; }

    /// <summary>Networks of the accepted senders; empty accepts all.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary>Receive buffer to request from the kernel, in bytes, per address.</summary>
    public int ReceiveBuffer { get; init; } = 16 * 1024 * 1024;

    /// <summary>Interval for checking interfaces and retrying listeners.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(5);
}
