using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;

namespace HepBridge.Outputs;

/// <summary>Where a collector listens: an address, or a name that is resolved for each connection.</summary>
internal sealed class CollectorAddress
{
    private readonly HepServer? _server;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = Dns.GetHostAddressesAsync;

    /// <param name="server">Host and port.</param>
    /// <param name="resolve">Replaces the system's resolver.</param>
    public CollectorAddress(HepServer server, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _server = server;
        _resolve = resolve ?? _resolve;
        Text = server.ToString();
        if (IPAddress.TryParse(server.Host, out IPAddress? address))
        {
            Literal = new IPEndPoint(address, server.Port);
        }
    }

    /// <summary>An end point that needs no resolution.</summary>
    public CollectorAddress(EndPoint endPoint)
    {
        Text = endPoint.ToString() ?? "";
        Literal = endPoint;
    }

    public string Text { get; }

    /// <summary>The end point itself; null for a name.</summary>
    public EndPoint? Literal { get; }

    /// <summary>The name to verify in a TLS certificate.</summary>
    public string Host => _server?.Host ?? Text;

    /// <summary>All end points of the collector, in the resolver's order.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public async Task<IReadOnlyList<EndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (Literal is not null)
        {
            return [Literal];
        }

        IPAddress[] addresses = await _resolve(_server!.Host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        return Array.ConvertAll(addresses, address => (EndPoint)new IPEndPoint(address, _server.Port));
    }

    public override string ToString() => Text;
}
