using System.Net;

namespace HepBridge.Configuration;

/// <summary>The format in which a switch sends events (<c>event_format</c>).</summary>
internal enum EventFormat
{
    Plain,
    Json,
}

/// <summary>One object of <c>esl_config</c>.</summary>
internal sealed class EslInputConfiguration
{
    /// <summary><c>ESL_SERVER</c>: host name or address.</summary>
    public string Server { get; init; } = "127.0.0.1";

    /// <summary><c>ESL_PORT</c>.</summary>
    public int Port { get; init; } = 8021;

    /// <summary><c>ESL_USER</c>: logs in with <c>userauth</c>; null for <c>auth</c>.</summary>
    public string? User { get; init; }

    /// <summary><c>ESL_PASS</c>, or the first line of <c>ESL_PASS_FILE</c>. A secret.</summary>
    public string Password { get; init; } = "ClueCon";

    /// <summary><c>event_format</c>.</summary>
    public EventFormat Format { get; init; } = EventFormat.Plain;

    public required ReportOptions Reports { get; init; }

    /// <summary>Identifies the input across reloads: kind, host, port.</summary>
    public string Identity => $"esl {Server}:{Port}";

    /// <summary>Whether a connection made for one serves the other: everything but the reports is equal.</summary>
    public bool IsSameConnection(EslInputConfiguration other) =>
        Identity == other.Identity && User == other.User && Password == other.Password && Format == other.Format;
}

/// <summary>One object of <c>multicast_config</c>.</summary>
internal sealed class MulticastInputConfiguration
{
    /// <summary><c>MULTICAST_ADDRESS</c>: groups to join, or addresses of this host to listen on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [new IPAddress([225, 1, 1, 1])];

    /// <summary><c>MULTICAST_PORT</c>.</summary>
    public int Port { get; init; } = 4242;

    /// <summary><c>MULTICAST_INTERFACE</c>: name or address; null for the system's choice.</summary>
    public string? Interface { get; init; }

    /// <summary><c>MULTICAST_PSK</c>, a secret; null for plaintext.</summary>
    public string? Psk { get; init; }

    /// <summary><c>allowed_senders</c>; empty accepts all.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary><c>peer_timeout</c>: a switch is down after this long without a HEARTBEAT.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public required ReportOptions Reports { get; init; }

    /// <summary>Identifies the input across reloads: kind, addresses, port, interface.</summary>
    public string Identity => $"multicast {string.Join(',', Addresses)}:{Port}{(Interface is null ? "" : $" on {Interface}")}";

    /// <summary>Whether a receiver made for one serves the other: everything but the reports is equal.</summary>
    public bool IsSameReceiver(MulticastInputConfiguration other) =>
        Identity == other.Identity && Psk == other.Psk && PeerTimeout == other.PeerTimeout && AllowedSenders.SequenceEqual(other.AllowedSenders);
}
