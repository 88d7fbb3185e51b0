using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Configuration;
using HepBridge.Outputs.Streams;
using RabbitMQ.Client;

namespace HepBridge.Inputs.Amqp;

/// <summary>A connection to a broker, and how to explain its faults.</summary>
internal sealed record BrokerConnection(IConnection Connection, BrokerFaults Faults);

/// <summary>Logs in to a broker: one attempt, without the library's own recovery, so that every fault is seen.</summary>
internal sealed class BrokerConnector(AmqpInputConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    // A cut network is noticed after two of them.
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Logs in to the first broker that can be used.</summary>
    /// <exception cref="BrokerException">None can; the message says why for each.</exception>
    public async Task<BrokerConnection> ConnectAsync(string purpose, CancellationToken cancellationToken)
    {
        List<string> reasons = [];
        foreach (HepServer server in configuration.Servers)
        {
            try
            {
                return await ConnectAsync(server, purpose, cancellationToken);
            }
            catch (BrokerException e)
            {
                reasons.Add(e.Message);
            }
        }

        throw new BrokerException(string.Join(' ', reasons));
    }

    /// <exception cref="BrokerException">It cannot be used.</exception>
    public async Task<BrokerConnection> ConnectAsync(HepServer server, string purpose, CancellationToken cancellationToken)
    {
        CertificateValidator? certificate = configuration.Tls is { } tls ? new CertificateValidator(tls, tls.ServerName ?? server.Host, TlsPeer.Broker) : null;
        BrokerFaults faults = new(configuration, server, certificate);
        IConnection? connection = null;
        using CancellationTokenSource limit = new(_timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            ConnectionFactory factory = MakeFactory(server, purpose, certificate);
            connection = await factory.CreateConnectionAsync(both.Token).WaitAsync(both.Token);

            // A missing virtual host is said after the login.
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: both.Token).WaitAsync(both.Token);
            return new BrokerConnection(connection, faults);
        }
        catch (Exception e)
        {
            await CloseAsync(connection);
            if (BrokerFaults.IsFault(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw faults.Wrap(limit.IsCancellationRequested && e is OperationCanceledException ? new TimeoutException("no answer", e) : e);
            }

            throw;
        }
    }

    /// <summary>Closes a connection in order, waiting a short while at most.</summary>
    public static async Task CloseAsync(IConnection? connection)
    {
        if (connection is null)
        {
            return;
        }

        try
        {
            await connection.CloseAsync(Constants.ReplySuccess, "Goodbye", TimeSpan.FromSeconds(2), abort: true, CancellationToken.None);
        }
        catch (Exception e) when (BrokerFaults.IsFault(e) || e is OperationCanceledException)
        {
            // It is gone anyway.
        }

        await connection.DisposeAsync();
    }

    private ConnectionFactory MakeFactory(HepServer server, string purpose, CertificateValidator? certificate)
    {
        ConnectionFactory factory = new()
        {
            HostName = server.Host,
            Port = server.Port,
            UserName = configuration.User,
            Password = configuration.Password,
            VirtualHost = configuration.VirtualHost,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = _heartbeat,
            RequestedConnectionTimeout = _timeout,
            ContinuationTimeout = _timeout,
            HandshakeContinuationTimeout = _timeout,
            ConsumerDispatchConcurrency = 1,
            ClientProvidedName = $"hepbridge {System.Net.Dns.GetHostName()} {purpose}",
        };
        if (configuration.Tls is { } options && certificate is not null)
        {
            X509ChainPolicy? authorities = options.Ca is { } ca ? TlsFiles.ReadAuthorities(ca) : null;
            factory.Ssl = new SslOption(certificate.ServerName, enabled: true)
            {
                Version = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateContext = options.Certificate is { } own ? TlsFiles.ReadClientCertificate(own, options.Key) : null,
                CertificateValidationCallback = (_, presented, chain, errors) => Validate(certificate, authorities, presented as X509Certificate2, chain, errors),
            };
        }

        return factory;
    }

    // The library can't be given authorities of our own: the chain is built again with them.
    private static bool Validate(CertificateValidator certificate, X509ChainPolicy? authorities, X509Certificate2? presented, X509Chain? chain, SslPolicyErrors errors)
    {
        if (authorities is null || presented is null)
        {
            return certificate.Accept(presented, chain, errors);
        }

        using X509Chain own = new() { ChainPolicy = authorities.Clone() };
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        bool isTrusted = own.Build(presented);
        SslPolicyErrors left = errors & ~SslPolicyErrors.RemoteCertificateChainErrors;
        return certificate.Accept(presented, own, isTrusted ? left : left | SslPolicyErrors.RemoteCertificateChainErrors);
    }
}
