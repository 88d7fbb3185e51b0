using System.Diagnostics;
using System.Globalization;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>
/// Hosts on one Ethernet, each a network namespace with an interface <c>eth0</c> (10.77.0.N, fd77::N) connected by a
/// veth pair to a bridge in its own namespace. Removed on disposal.
/// </summary>
internal sealed class PrivateNetwork : IDisposable
{
    private static int _made;

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"hb{Environment.ProcessId}n{Interlocked.Increment(ref _made)}");
    private readonly int _hosts;

    public PrivateNetwork(int hosts)
    {
        _hosts = hosts;
        Ip($"netns add {Lan}");
        Ip($"-n {Lan} link add br0 type bridge");
        Ip($"-n {Lan} link set br0 up");
        for (int host = 1; host <= hosts; host++)
        {
            Ip($"netns add {Host(host)}");
            Ip($"-n {Host(host)} link set lo up");
            Connect(host);
        }
    }

    private string Lan => _prefix + "lan";

    /// <summary>The name of a host's namespace; hosts are numbered from 1.</summary>
    public string Host(int host) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}h{host}");

    /// <summary>Connects a host: a new pair of interfaces, addresses, a route to all groups.</summary>
    public void Connect(int host)
    {
        string port = string.Create(CultureInfo.InvariantCulture, $"port{host}");
        Ip($"-n {Lan} link add {port} type veth peer name eth0 netns {Host(host)}");
        Ip($"-n {Lan} link set {port} master br0 up");
        Ip(string.Create(CultureInfo.InvariantCulture, $"-n {Host(host)} addr add 10.77.0.{host}/24 dev eth0"));
        Ip(string.Create(CultureInfo.InvariantCulture, $"-n {Host(host)} addr add fd77::{host}/64 dev eth0 nodad"));
        Up(host);
    }

    /// <summary>Removes a host's interface, including its addresses and memberships.</summary>
    public void Disconnect(int host) => Ip($"-n {Host(host)} link del eth0");

    public void Down(int host) => Ip($"-n {Host(host)} link set eth0 down");

    public void Up(int host)
    {
        Ip($"-n {Host(host)} link set eth0 up");
        Ip($"-n {Host(host)} route replace 224.0.0.0/4 dev eth0");

        // Taking the link down removes its IPv6 address.
        Ip(string.Create(CultureInfo.InvariantCulture, $"-n {Host(host)} addr replace fd77::{host}/64 dev eth0 nodad"));
    }

    public void Dispose()
    {
        for (int host = 1; host <= _hosts; host++)
        {
            Ip($"netns del {Host(host)}");
        }

        Ip($"netns del {Lan}");
    }

    private static void Ip(string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ip {arguments}: {error}");
    }
}
