using System.Security.Authentication;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;

namespace HepBridge.Tests.Outputs.Streams;

public sealed class TlsOutputTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly KeptLog _log = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_are_supported(SslProtocols version)
    {
        await using ScriptedCollector collector = new(_certificates.Server()) { Protocols = version };
        await using IOutput output = Create(collector, _certificates.CaFile);
        await Eventually.True(() => _log.Text.Contains("connected", StringComparison.Ordinal), () => _log.Text);
    }

    [Fact]
    public async Task A_wrong_name_is_rejected_in_one_clear_line_and_a_configured_name_is_used_instead()
    {
        await using ScriptedCollector collector = new(_certificates.Server("other.example", address: false));
        await using (IOutput output = Create(collector, _certificates.CaFile))
        {
            await Fails("its certificate is for other.example, not for 127.0.0.1");
            Assert.Single(_log.Lines);
        }

        await using IOutput named = Create(collector, _certificates.CaFile, serverName: "other.example");
        await Eventually.True(() => _log.Text.Contains("connected", StringComparison.Ordinal), () => _log.Text);
    }

    [Fact]
    public async Task An_authority_unknown_to_the_system_is_rejected()
    {
        await using ScriptedCollector collector = new(_certificates.Server());
        await using IOutput output = Create(collector, null);
        await Fails("set tls_ca to that authority's PEM file");
    }

    [Fact]
    public async Task An_authority_other_than_the_configured_one_is_rejected()
    {
        using TestCertificates others = new();
        await using ScriptedCollector collector = new(_certificates.Server());
        await using IOutput output = Create(collector, others.CaFile);
        await Fails("was not issued by an authority in " + others.CaFile);
    }

    [Fact]
    public async Task An_expired_certificate_is_rejected()
    {
        await using ScriptedCollector collector = new(_certificates.Server(expired: true));
        await using IOutput output = Create(collector, _certificates.CaFile);
        await Fails(", not now: renew it");
    }

    [Fact]
    public async Task A_port_with_another_protocol_is_distinguished_from_a_bad_certificate()
    {
        await using ScriptedCollector collector = new(null, 0, connection => connection.Stream.WriteAsync("no TLS here, sorry\r\n"u8.ToArray()).AsTask());
        await using IOutput output = Create(collector, _certificates.CaFile);
        await Fails("speak TLS on this port");
    }

    [Fact]
    public async Task Without_verification_anything_goes_and_a_warning_says_so()
    {
        await using ScriptedCollector collector = new(_certificates.Server("other.example", expired: true));
        await using IOutput output = Create(collector, null, verify: false);
        await Eventually.True(() => _log.Text.Contains("connected", StringComparison.Ordinal), () => _log.Text);
        Assert.Contains("tls_verify is false", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_is_presented_and_a_renewed_one_too()
    {
        (string certificate, string key) = _certificates.Client("CN=agent-1");
        await using ScriptedCollector collector = new(_certificates.Server()) { WantsClientCertificate = true };
        await using IOutput output = Create(collector, _certificates.CaFile, clientCertificate: certificate, clientKey: key);
        await Eventually.True(() => collector.ClientSubject == "CN=agent-1", () => _log.Text);
        _certificates.Client("CN=agent-2");
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddSeconds(5));
        await Eventually.True(() => collector.ClientSubject == "CN=agent-2", () => _log.Text);
        output.Offer(TestPackets.Make(7), PacketKind.Log);
        output.Flush();
        await Eventually.True(() => collector.Numbers.Length == 1, () => _log.Text);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_collector_that_requires_a_client_certificate_gets_no_packet_without_one(SslProtocols version)
    {
        await using ScriptedCollector collector = new(_certificates.Server()) { WantsClientCertificate = true, Protocols = version };
        await using IOutput output = Create(collector, _certificates.CaFile);
        output.Offer(TestPackets.Make(1), PacketKind.Log);
        output.Flush();
        await Fails("require a client certificate");
        Assert.Equal(0, output.Counters.Sent);
        Assert.Equal(1, output.Counters.Queued);
    }

    [Fact]
    public async Task Missing_files_are_named()
    {
        await using ScriptedCollector collector = new(_certificates.Server());
        await using IOutput output = Create(collector, "/no/such/ca.pem");
        await Fails("tls_ca: cannot read /no/such/ca.pem");
    }

    public void Dispose() => _certificates.Dispose();

    private async Task Fails(string reason) =>
        await Eventually.True(() => _log.Text.Contains(reason, StringComparison.Ordinal), () => $"\"{reason}\" is not in:\n{_log.Text}");

    private IOutput Create(
        ScriptedCollector collector, string? ca, bool verify = true, string? serverName = null, string? clientCertificate = null, string? clientKey = null)
    {
        StreamTimings timings = new() { FirstRetry = TimeSpan.FromMilliseconds(20), CertificateCheck = TimeSpan.FromMilliseconds(10) };
        return new OutputFactory(_log, TimeProvider.System, timings).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", collector.Port)],
            Transport = HepTransport.Tls,
            Tls = new TlsOptions(verify, ca, clientCertificate, clientKey, serverName),
        });
    }
}
