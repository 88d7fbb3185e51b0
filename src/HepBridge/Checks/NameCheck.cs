using System.Net;
using System.Net.Sockets;

namespace HepBridge.Checks;

/// <summary>Resolves a name and reports its addresses.</summary>
internal static class NameCheck
{
    /// <summary>True if there is an address; adds a result either way, unless <paramref name="host"/> is an address itself.</summary>
    public static async Task<bool> RunAsync(string host, string key, CheckResults results, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out _))
        {
            return true;
        }

        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, both.Token);
            if (addresses.Length > 0)
            {
                results.Ok($"{host} is {string.Join(", ", addresses.Select(address => address.ToString()))}");
                return true;
            }

            results.Error($"cannot resolve {host}", $"correct {key}, or add the name to DNS or /etc/hosts");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            results.Error($"DNS did not answer for {host}", "check /etc/resolv.conf and whether the name servers are reachable");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            results.Error($"cannot resolve {host} ({e.Message})", $"correct {key}, or add the name to DNS or /etc/hosts");
        }

        return false;
    }
}
