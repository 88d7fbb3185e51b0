namespace HepBridge.FreeSwitch.Esl;

/// <summary>Where a switch's event socket is and how to log in there.</summary>
/// <param name="Server">A name, an IPv4 or an IPv6 address.</param>
/// <param name="Port">TCP port, 8021 unless changed in event_socket.conf.xml.</param>
/// <param name="User"><c>user@domain</c> of the switch's directory for <c>userauth</c>; null: <c>auth</c> with the module's own password.</param>
/// <param name="Password">A secret.</param>
public sealed record EslEndpoint(string Server, int Port, string? User, string Password)
{
    /// <summary><c>server:port</c>, for messages.</summary>
    public override string ToString() => Server.Contains(':', StringComparison.Ordinal) ? $"[{Server.Trim('[', ']')}]:{Port}" : $"{Server}:{Port}";
}
