using System.Net;

namespace HepBridge.Hosting;

/// <summary>
/// Host names accepted in HTTP requests. All others are rejected: otherwise a foreign web page could point its own name
/// here and read through the visitor's browser (DNS rebinding). A request to an IP address cannot be such an attack.
/// </summary>
internal sealed class OwnNames(IReadOnlyList<string> allowed)
{
    private static readonly string _machine = Environment.MachineName;

    public bool Contains(string host) =>
        IPAddress.TryParse(host, out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(_machine, StringComparison.OrdinalIgnoreCase)
        || host.StartsWith(_machine + ".", StringComparison.OrdinalIgnoreCase)
        || allowed.Contains(host, StringComparer.OrdinalIgnoreCase);
}
