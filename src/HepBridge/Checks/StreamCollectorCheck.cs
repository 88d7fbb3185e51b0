using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Configuration;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;

namespace HepBridge.Checks;

/// <summary>Connects to a collector by TCP or TLS like the agent, and checks its certificate.</summary>
internal sealed class StreamCollectorCheck(HepOutputConfiguration output, HepServer server, TimeProvider time, TimeSpan timeout) : ICheck
{
    private const int FewDays = 30;

    public string Subject => $"collector {(output.Transport == HepTransport.Tls ? "tls" : "tcp")} {server}";

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        if (!await NameCheck.RunAsync(server.Host, "HEP_SERVER", results, timeout, time, cancellationToken))
        {
            return;
        }

        StreamTimings timings = new() { Connect = timeout };
        TcpConnector tcp = new(timings, time);
        try
        {
            using Socket socket = await tcp.ConnectSocketAsync(new CollectorAddress(server), cancellationToken);
            results.Ok($"accepts connections at {socket.RemoteEndPoint}");
        }
        catch (ConnectFailedException e)
        {
            results.Error($"no connection: {e.Message}", "start the collector, or correct HEP_SERVER, HEP_PORT and firewalls");
            return;
        }

        if (output.Transport == HepTransport.Tls)
        {
            await LookAtTlsAsync(tcp, timings, results, cancellationToken);
        }
    }

    private async Task LookAtTlsAsync(TcpConnector tcp, StreamTimings timings, CheckResults results, CancellationToken cancellationToken)
    {
        try
        {
            await using StreamConnection connection = await ConnectAsync(output.Tls);
            if (connection is TlsConnection { Certificate: { } certificate } tls)
            {
                Describe(certificate, tls.Protocol, results);
            }
        }
        catch (ConnectFailedException e)
        {
            results.Error($"no TLS: {e.Message}", null);
            return;
        }

        if (output.Tls.Verify)
        {
            return;
        }

        try
        {
            await using StreamConnection verified = await ConnectAsync(output.Tls with { Verify = true });
            results.Warning("tls_verify is false although the certificate is valid", "remove tls_verify");
        }
        catch (ConnectFailedException e)
        {
            results.Warning($"tls_verify is false: anyone on the way can read and change everything. With verification: {e.Message}", "set tls_ca to the certificate's authority, and remove tls_verify");
        }

        Task<StreamConnection> ConnectAsync(TlsOptions with) =>
            new TlsConnector(tcp, with, timings, time).ConnectAsync(new CollectorAddress(server), new WakeSignal(), cancellationToken);
    }

    private void Describe(X509Certificate2 certificate, string protocol, CheckResults results)
    {
        int days = (int)(certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime).TotalDays;
        string verified = output.Tls.Verify ? "verified" : "not verified";
        string what = string.Create(CultureInfo.InvariantCulture, $"{protocol}, certificate {certificate.Subject} ({verified}), valid until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}, {days} days");
        if (days < 0)
        {
            results.Warning(what, "the certificate has expired: renew it");
        }
        else if (days < FewDays)
        {
            results.Warning(what, "renew the collector's certificate soon: HepBridge will reject an expired one");
        }
        else
        {
            results.Ok(what);
        }
    }
}
