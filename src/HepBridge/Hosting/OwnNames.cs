using System.Net;

namespace HepBridge.Hosting;

/// <summary>
/// The names under which this host may be asked. Others are refused, or a foreign web page could have its own name point here and read through the
/// visitor's browser (DNS rebinding); an address in the request shows that it was none of that.
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
