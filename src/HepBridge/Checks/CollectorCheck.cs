using System.Globalization;
using System.Net;
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
        string? advice = days < 0 ? "the certificate has expired: renew it"
            : days < FewDays ? "renew the collector's certificate soon: HepBridge will reject an expired one"
            : null;
        results.OkUnless(advice, what);
    }
}

/// <summary>Sends an empty datagram to a collector: UDP cannot confirm an open port, but a closed one answers by ICMP.</summary>
internal sealed class UdpCollectorCheck(HepServer server, TimeProvider time, TimeSpan timeout) : ICheck
{
    /// <summary>An ICMP answer arrives within a round trip.</summary>
    private static readonly TimeSpan _refusalTime = TimeSpan.FromSeconds(1);

    public string Subject => $"collector udp {server}";

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        if (!await NameCheck.RunAsync(server.Host, "HEP_SERVER", results, timeout, time, cancellationToken))
        {
            return;
        }

        try
        {
            EndPoint endPoint = (await new CollectorAddress(server).ResolveAsync(cancellationToken))[0];
            using Socket socket = new(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(endPoint, cancellationToken);
            await socket.SendAsync(Array.Empty<byte>(), SocketFlags.None, cancellationToken);
            using CancellationTokenSource limit = new(_refusalTime, time);
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await socket.ReceiveAsync(new byte[1], SocketFlags.None, both.Token);
            results.Warning($"{server} answered, which collectors never do", "check whether another service uses HEP_PORT");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            results.Ok("no refusal, which is all UDP can show: check whether the reports arrive in Homer");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            results.Error($"nothing listens on UDP port {server.Port} of {server.Host}", "start the collector, or correct HEP_SERVER and HEP_PORT");
        }
        catch (SocketException e)
        {
            results.Error($"{server} can't be sent to: {e.Message}", "look at the routes and firewalls to it");
        }
    }
}
