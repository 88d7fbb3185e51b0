using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Configuration;

namespace HepBridge.Outputs.Streams;

/// <summary>Connects by TLS 1.2 or 1.3. Reads the certificate files for each connection, so a renewed one needs no restart.</summary>
internal sealed class TlsConnector(TcpConnector tcp, TlsOptions options, StreamTimings timings, TimeProvider time) : IStreamConnector
{
    private (DateTime, DateTime, DateTime) _readAt;

    public string Transport => "tls";

    public bool HasChanged() => WrittenAt() != _readAt;

    public async Task<StreamConnection> ConnectAsync(CollectorAddress address, WakeSignal wake, CancellationToken cancellationToken)
    {
        CertificateValidator validator = new(options, options.ServerName ?? address.Host);
        SslClientAuthenticationOptions handshake = ReadOptions(validator);
        Socket socket = await tcp.ConnectSocketAsync(address, cancellationToken);
        SslStream stream = new(new NetworkStream(socket), leaveInnerStreamOpen: false);
        using CancellationTokenSource timeout = new(timings.Connect, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await stream.AuthenticateAsClientAsync(handshake, both.Token);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            socket.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new ConnectFailedException("no answer to the TLS handshake: check whether the collector speaks TLS on this port", e);
            }

            if (e is AuthenticationException or IOException or SocketException)
            {
                throw new ConnectFailedException(validator.Explain(e), e);
            }

            throw;
        }

        TlsConnection connection = new(socket, stream, wake);
        connection.Watch();
        if (await connection.EndsWithinAsync(timings.LateRefusal, time, cancellationToken))
        {
            await connection.DisposeAsync();
            throw new ConnectFailedException(CertificateValidator.EndedInHandshake);
        }

        return connection;
    }

    private SslClientAuthenticationOptions ReadOptions(CertificateValidator validator)
    {
        _readAt = WrittenAt();
        return new SslClientAuthenticationOptions
        {
            TargetHost = validator.ServerName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => validator.Accept(certificate, chain, errors),
            CertificateChainPolicy = options.Ca is { } ca ? TlsFiles.ReadAuthorities(ca) : null,
            ClientCertificateContext = options.Certificate is { } own ? TlsFiles.ReadClientCertificate(own, options.Key) : null,
        };
    }

    private (DateTime Ca, DateTime Certificate, DateTime Key) WrittenAt() =>
        (WrittenAt(options.Ca), WrittenAt(options.Certificate), WrittenAt(options.Key));

    private static DateTime WrittenAt(string? path) => path is null ? default : File.GetLastWriteTimeUtc(path);
}

/// <summary>A TLS connection. How much of a failed write has arrived is unknown, so writes are short: at most one is duplicated.</summary>
internal sealed class TlsConnection(Socket socket, SslStream stream, WakeSignal wake) : StreamConnection(socket, stream, wake)
{
    /// <summary>One TLS record.</summary>
    private const int WriteBytes = 16 * 1024;

    public X509Certificate2? Certificate => stream.RemoteCertificate as X509Certificate2;

    /// <summary>The negotiated protocol, such as "Tls13".</summary>
    public string Protocol => stream.SslProtocol.ToString();

    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellationToken)
    {
        int whole = PacketBlock.WholePackets(packets.Span, WriteBytes).Bytes;
        int bytes = whole > 0 ? whole : PacketBlock.PacketLength(packets.Span);
        await Stream.WriteAsync(packets[..bytes], cancellationToken);
        return bytes;
    }

    protected override Task EndAsync() => stream.ShutdownAsync();
}
