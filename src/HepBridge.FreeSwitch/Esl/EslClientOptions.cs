namespace HepBridge.FreeSwitch.Esl;

public sealed class EslClientOptions
{
    public required EslEndpoint Endpoint { get; init; }

    /// <summary>The initial subscription; see <see cref="EslClient.ChangeSubscriptionAsync"/>.</summary>
    public required EslSubscription Subscription { get; init; }

    /// <summary>Whether to query the channels in progress over a second, short-lived connection.</summary>
    public bool RebuildChannels { get; init; } = true;

    /// <summary>Longest wait for each of: name resolution, connection, login, first reply.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest frame in bytes.</summary>
    public int MaxFrame { get; init; } = EslFrameReader.DefaultMaxFrame;
}

/// <summary>Address and login of a switch's event socket.</summary>
/// <param name="Server">Host name, IPv4 or IPv6 address.</param>
/// <param name="Port">TCP port, 8021 unless changed in event_socket.conf.xml.</param>
/// <param name="User"><c>user@domain</c> of the switch's directory for <c>userauth</c>; null for <c>auth</c> with the module's own password.</param>
/// <param name="Password">A secret.</param>
public sealed record EslEndpoint(string Server, int Port, string? User, string Password)
{
    /// <summary><c>server:port</c>, for messages.</summary>
    public override string ToString() => Server.Contains(':', StringComparison.Ordinal) ? $"[{Server.Trim('[', ']')}]:{Port}" : $"{Server}:{Port}";
}
