using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Outputs.Streams;
using static HepBridge.Tests.Checks.Checking;

namespace HepBridge.Tests.Checks;

/// <summary>Every kind of broken collector and spool.</summary>
public sealed class CollectorCheckTests
{
    [Fact]
    public async Task A_udp_port_that_accepts_a_datagram_is_ok()
    {
        using Socket collector = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        collector.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        AssertAllOk(await UdpAsync(((IPEndPoint)collector.LocalEndPoint!).Port));
        Assert.Equal(0, await collector.ReceiveAsync(new byte[100]));
    }

    [Fact]
    public async Task A_udp_port_that_refuses_is_an_error()
    {
        AssertOnly(await UdpAsync(FreePort.Next()), CheckSeverity.Error, "nothing listens on UDP port");
    }

    [Fact]
    public async Task A_collectors_name_that_does_not_resolve_is_an_error()
    {
        AssertOnly(await RunAsync(new UdpCollectorCheck(new HepServer("no-such-host.invalid", 9060), TimeProvider.System, Long)), CheckSeverity.Error, "correct HEP_SERVER");
        AssertOnly(await StreamAsync(new HepOutputConfiguration { Transport = HepTransport.Tcp }, 9060, "no-such-host.invalid"), CheckSeverity.Error, "correct HEP_SERVER");
    }

    [Fact]
    public async Task A_tcp_collector_that_accepts_is_ok()
    {
        await using ScriptedCollector collector = new();
        AssertAllOk(await StreamAsync(new HepOutputConfiguration { Transport = HepTransport.Tcp }, collector.Port));
    }

    [Fact]
    public async Task A_tcp_port_that_refuses_is_an_error()
    {
        int port;
        await using (ScriptedCollector gone = new())
        {
            port = gone.Port;
        }

        AssertOnly(await StreamAsync(new HepOutputConfiguration { Transport = HepTransport.Tcp }, port), CheckSeverity.Error, "start the collector");
    }

    [Fact]
    public async Task A_valid_certificate_is_shown_with_its_remaining_days()
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(certificates.Server());
        IReadOnlyList<CheckResult> results = await StreamAsync(Tls(certificates.CaFile), collector.Port);
        AssertAllOk(results);
        Assert.Contains(results, finding => finding.What.Contains("certificate CN=localhost (verified)", StringComparison.Ordinal) && finding.What.EndsWith("days", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_certificate_is_an_error()
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(certificates.Server(expired: true));
        AssertOnly(await StreamAsync(Tls(certificates.CaFile), collector.Port), CheckSeverity.Error, "renew it");
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_an_error()
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(certificates.Server("homer.example.net", address: false));
        AssertOnly(await StreamAsync(Tls(certificates.CaFile), collector.Port), CheckSeverity.Error, "set tls_server_name");
    }

    [Fact]
    public async Task An_unknown_authority_is_an_error()
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(certificates.Server());
        AssertOnly(await StreamAsync(Tls(null), collector.Port), CheckSeverity.Error, "set tls_ca");
    }

    [Fact]
    public async Task A_bad_certificate_without_verification_is_a_warning_with_the_reason()
    {
        using TestCertificates certificates = new();
        await using ScriptedCollector collector = new(certificates.Server());
        HepOutputConfiguration output = new() { Transport = HepTransport.Tls, Tls = new TlsOptions(Verify: false) };
        AssertOnly(await StreamAsync(output, collector.Port), CheckSeverity.Warning, "an authority this system does not trust");
    }

    [Fact]
    public async Task A_certificate_that_expires_soon_is_a_warning()
    {
        using TestCertificates certificates = new();
        using X509Certificate2 server = certificates.Server();
        await using ScriptedCollector collector = new(server);
        LateClock late = new(server.NotAfter.AddDays(-10));
        HepOutputConfiguration output = Tls(certificates.CaFile);
        IReadOnlyList<CheckResult> results = await RunAsync(new StreamCollectorCheck(output, new HepServer("127.0.0.1", collector.Port), late, Long));
        AssertOnly(results, CheckSeverity.Warning, "renew the collector's certificate soon");
    }

    [Fact]
    public async Task A_port_without_tls_is_an_error()
    {
        await using ScriptedCollector collector = new(null, 0, Answer, Answer);
        AssertOnly(await StreamAsync(Tls(null), collector.Port), CheckSeverity.Error, "no TLS");

        static async Task Answer(ScriptedCollector.Connection connection) => await connection.Stream.WriteAsync("220 mail.example.net\r\n"u8.ToArray());
    }

    [Fact]
    public async Task A_writable_spool_is_ok_and_left_unchanged()
    {
        string directory = Directory.CreateTempSubdirectory("hepbridge").FullName;
        AssertAllOk(await RunAsync(new SpoolCheck(new SpoolConfiguration { Path = directory, MaxBytes = 1 })));
        AssertAllOk(await RunAsync(new SpoolCheck(new SpoolConfiguration { Path = Path.Combine(directory, "a", "b"), MaxBytes = 1 })));
        Assert.Empty(Directory.GetFileSystemEntries(directory));
        Directory.Delete(directory);
    }

    [Fact]
    public async Task A_spool_that_is_a_file_is_an_error()
    {
        string file = Path.GetTempFileName();
        AssertOnly(await RunAsync(new SpoolCheck(new SpoolConfiguration { Path = file })), CheckSeverity.Error, "set spool.path to a directory");
        File.Delete(file);
    }

    [Fact]
    public async Task A_read_only_spool_is_an_error() =>
        AssertOnly(await RunAsync(new SpoolCheck(new SpoolConfiguration { Path = "/proc/hepbridge" })), CheckSeverity.Error, "is not writable");

    [Fact]
    public async Task A_disk_smaller_than_the_spool_is_a_warning() =>
        AssertOnly(await RunAsync(new SpoolCheck(new SpoolConfiguration { Path = Path.GetTempPath(), MaxBytes = long.MaxValue })), CheckSeverity.Warning, "lower spool.max_bytes");

    [Fact]
    public async Task Small_receive_buffers_are_a_warning_if_datagrams_are_received()
    {
        AssertOnly(await RunAsync(new BufferCheck(receives: true, sends: true, static _ => 212_992)), CheckSeverity.Warning, "sysctl -w net.core.rmem_max=16777216");
        AssertAllOk(await RunAsync(new BufferCheck(receives: false, sends: true, static _ => 212_992)));
        AssertAllOk(await RunAsync(new BufferCheck(receives: true, sends: true, static _ => 64 << 20)));
        Assert.Empty(await RunAsync(new BufferCheck(receives: true, sends: true, static _ => null)));
    }

    private static Task<IReadOnlyList<CheckResult>> UdpAsync(int port) => RunAsync(new UdpCollectorCheck(new HepServer("127.0.0.1", port), TimeProvider.System, Long));

    private static Task<IReadOnlyList<CheckResult>> StreamAsync(HepOutputConfiguration output, int port, string host = "127.0.0.1") =>
        RunAsync(new StreamCollectorCheck(output, new HepServer(host, port), TimeProvider.System, Long));

    private static HepOutputConfiguration Tls(string? ca) => new() { Transport = HepTransport.Tls, Tls = new TlsOptions(Ca: ca) };

    private sealed class LateClock(DateTime now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
    }
}
