using System.Net;

namespace HepBridge.Configuration;

/// <summary>The form in which a switch is asked to write events (<c>event_format</c>).</summary>
internal enum EventFormat
{
    Plain,
    Json,
}

/// <summary>One object of <c>esl_config</c>.</summary>
internal sealed class EslInputConfiguration
{
    /// <summary><c>ESL_SERVER</c>: name or address.</summary>
    public string Server { get; init; } = "127.0.0.1";

    /// <summary><c>ESL_PORT</c>.</summary>
    public int Port { get; init; } = 8021;

    /// <summary><c>ESL_USER</c>: log in by <c>userauth</c>; null: by <c>auth</c>.</summary>
    public string? User { get; init; }

    /// <summary><c>ESL_PASS</c>, or the first line of <c>ESL_PASS_FILE</c>. A secret.</summary>
    public string Password { get; init; } = "ClueCon";

    /// <summary><c>event_format</c>.</summary>
    public EventFormat Format { get; init; } = EventFormat.Plain;

    public required ReportOptions Reports { get; init; }

    /// <summary>What makes it the same input after a reload: kind, address, port.</summary>
    public string Identity => $"esl {Server}:{Port}";

    /// <summary>Whether a connection made for the one serves the other: all but the reports is the same.</summary>
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

    /// <summary><c>MULTICAST_INTERFACE</c>: name or address; null: the system's choice.</summary>
    public string? Interface { get; init; }

    /// <summary><c>MULTICAST_PSK</c>; null: plaintext. A secret.</summary>
    public string? Psk { get; init; }

    /// <summary><c>allowed_senders</c>; empty: everyone.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary><c>peer_timeout</c>: a sender without HEARTBEAT for so long is down.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public required ReportOptions Reports { get; init; }

    /// <summary>What makes it the same input after a reload: kind, addresses, port, interface.</summary>
    public string Identity => $"multicast {string.Join(',', Addresses)}:{Port}{(Interface is null ? "" : $" on {Interface}")}";

    /// <summary>Whether a receiver made for the one serves the other: all but the reports is the same.</summary>
    public bool IsSameReceiver(MulticastInputConfiguration other) =>
        Identity == other.Identity && Psk == other.Psk && PeerTimeout == other.PeerTimeout && AllowedSenders.SequenceEqual(other.AllowedSenders);
}
