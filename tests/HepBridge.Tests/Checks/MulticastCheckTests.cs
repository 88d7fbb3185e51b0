using System.Net;
using System.Net.Sockets;
using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Multicast;
using static HepBridge.Tests.Checks.Checking;

namespace HepBridge.Tests.Checks;

/// <summary>Every kind of broken multicast input; datagrams are sent to loopback.</summary>
public sealed class MulticastCheckTests
{
    [Fact]
    public async Task Events_that_arrive_are_ok()
    {
        IReadOnlyList<CheckResult> results = await CheckAsync("plain", null, Long);
        AssertAllOk(results);
        Assert.Contains(results, finding => finding.What == "events arrive from 127.0.0.1");
    }

    [Fact]
    public async Task A_matching_psk_is_reported() =>
        Assert.Contains(await CheckAsync("psk", MulticastCaptures.Psk, Long), finding => finding.What == "events arrive from 127.0.0.1, and the psk matches");

    [Theory]
    [InlineData("psk", "another-psk", "WrongPsk", "the sender's psk differs from MULTICAST_PSK")]
    [InlineData("psk", null, "EncryptedWithoutPsk", "set MULTICAST_PSK to the senders' psk")]
    [InlineData("plain", "another-psk", "PlaintextWithPsk", "set the same psk in the sender's event_multicast.conf.xml")]
    public async Task A_mismatched_psk_is_reported(string datagrams, string? psk, string reason, string advice)
    {
        IReadOnlyList<CheckResult> results = await CheckAsync(datagrams, psk, TimeSpan.FromSeconds(2));
        Assert.Contains(results, finding => finding.Severity == CheckSeverity.Warning && finding.What.Contains(reason, StringComparison.Ordinal)
            && finding.Advice!.Contains(advice, StringComparison.Ordinal));
        Assert.Contains(results, finding => finding.Severity == CheckSeverity.Error && finding.What.StartsWith("no event arrived", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silence_is_an_error() =>
        AssertOnly(await RunAsync(new MulticastCheck(Input(FreePort.Next(), null), TimeProvider.System, Short)), CheckSeverity.Error, "check bindings, address, port and ttl");

    [Fact]
    public async Task A_port_in_use_is_an_error()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        AssertOnly(await RunAsync(new MulticastCheck(Input(port, null), TimeProvider.System, Long)), CheckSeverity.Error, "another program uses 127.0.0.1");
    }

    [Fact]
    public async Task A_missing_interface_is_an_error()
    {
        MulticastInputConfiguration input = new() { Interface = "no-such-if0", Port = FreePort.Next(), Reports = new ReportOptions() };
        AssertOnly(await RunAsync(new MulticastCheck(input, TimeProvider.System, Long)), CheckSeverity.Error, "there is no interface no-such-if0");
    }

    private static async Task<IReadOnlyList<CheckResult>> CheckAsync(string datagrams, string? psk, TimeSpan patience)
    {
        int port = FreePort.Next();
        Task<IReadOnlyList<CheckResult>> checking = RunAsync(new MulticastCheck(Input(port, psk), TimeProvider.System, patience));
        using UdpClient sender = new("127.0.0.1", port);
        byte[] datagram = MulticastCaptures.Datagrams(datagrams)[0];
        while (!checking.IsCompleted)
        {
            try
            {
                await sender.SendAsync(datagram);
            }
            catch (SocketException)
            {
                // Nobody is listening yet, or any more.
            }

            await Task.WhenAny(checking, Task.Delay(20));
        }

        return await checking;
    }

    private static MulticastInputConfiguration Input(int port, string? psk) =>
        new() { Addresses = [IPAddress.Loopback], Port = port, Psk = psk, Reports = new ReportOptions() };
}
