using System.Net;
using System.Net.Sockets;

namespace HepBridge.Checks;

/// <summary>Looks a name up and says which addresses it has.</summary>
internal static class NameCheck
{
    /// <summary>True if there is an address; a finding either way, unless <paramref name="host"/> is an address itself.</summary>
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

            results.Error($"the name {host} has no address", $"correct {key}, or add the name to the resolver or /etc/hosts");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            results.Error($"the resolver didn't answer for {host}", "look at /etc/resolv.conf and the way to the name servers");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            results.Error($"the name {host} has no address ({e.Message})", $"correct {key}, or add the name to the resolver or /etc/hosts");
        }

        return false;
    }
}
