using System.Net;

namespace HepBridge.Configuration;

/// <summary>One object of <c>multicast_config</c>.</summary>
internal sealed class MulticastInputConfiguration : InputConfiguration
{
    /// <summary><c>MULTICAST_ADDRESS</c>: groups to join, or addresses of this host to listen on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [new IPAddress([225, 1, 1, 1])];

    public int Port { get; init; } = 4242;

    /// <summary><c>MULTICAST_INTERFACE</c>: name or address; null: the system's choice.</summary>
    public string? Interface { get; init; }

    /// <summary><c>MULTICAST_PSK</c>; null: plaintext. A secret.</summary>
    public string? Psk { get; init; }

    /// <summary><c>allowed_senders</c>; empty: everyone.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary><c>peer_timeout</c>: a sender without HEARTBEAT for this long is down.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public override string Identity => $"multicast {string.Join(',', Addresses)}:{Port}{(Interface is null ? "" : $" on {Interface}")}";

    public override string Description
    {
        get
        {
            string on = Interface is null ? "" : $" on {Interface}";
            string from = AllowedSenders.Count == 0 ? "" : $" from {string.Join(", ", AllowedSenders)}";
            string form = Psk is null ? "plaintext" : "psk";
            return $"multicast {string.Join(", ", Addresses.Select(address => new HepServer(address.ToString(), Port)))}{on}{from} ({form})";
        }
    }

    public override int EventPaths => Addresses.Count;
    public override bool ReceivesDatagrams => true;

    /// <summary>Whether everything but the reports is the same.</summary>
    public bool IsSameReceiver(MulticastInputConfiguration other) =>
        Identity == other.Identity && Psk == other.Psk && PeerTimeout == other.PeerTimeout && AllowedSenders.SequenceEqual(other.AllowedSenders);
}
