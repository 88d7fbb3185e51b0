using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Configuration;

namespace HepBridge.Outputs.Streams;

/// <summary>Validates one collector's certificate, and explains in one sentence what was wrong with it.</summary>
internal sealed class CertificateValidator(TlsOptions options, string serverName, TlsPeer? peer = null)
{
    /// <summary>The peer closed the connection without a reason.</summary>
    public const string EndedInHandshake =
        "it closed the connection during the TLS handshake: it may not speak TLS on this port, or require a client certificate (tls_cert, tls_key)";

    private readonly TlsPeer _peer = peer ?? TlsPeer.Collector;
    private string? _refusal;

    /// <summary>The name required in the certificate.</summary>
    public string ServerName => serverName;

    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (!options.Verify || errors == SslPolicyErrors.None)
        {
            return true;
        }

        _refusal = Describe(certificate as X509Certificate2, chain, errors);
        return false;
    }

    public string Explain(Exception failure)
    {
        if (_refusal is not null)
        {
            return _refusal;
        }

        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            // .NET has no error code for bytes that are not a TLS record, only this text.
            if (e.Message.Contains("frame", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("wrong version number", StringComparison.OrdinalIgnoreCase))
            {
                return $"it does not speak TLS on this port; {_peer.WithoutTls} or correct {_peer.PortKey}";
            }
        }

        return failure is IOException
            ? EndedInHandshake
            : $"the TLS handshake failed: {(failure.InnerException ?? failure).Message}";
    }

    private string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it presents no certificate";
        }

        X509ChainStatusFlags flags = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return $"its certificate is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}, not now: renew it, or correct this host's clock";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate is for {Names(certificate)}, not for {serverName}: correct {_peer.ServerKey}, or set tls_server_name";
        }

        return options.Ca is null
            ? $"its certificate was issued by an authority this system does not trust ({certificate.Issuer}): set tls_ca to that authority's PEM file"
            : $"its certificate was not issued by an authority in {options.Ca} (issuer: {certificate.Issuer}; {flags}): correct tls_ca";
    }

    private static string Names(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
            ? string.Join(", ", names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))
            : certificate.Subject;
}

/// <summary>How the configuration names the server of a TLS connection.</summary>
/// <param name="ServerKey">The key of its name.</param>
/// <param name="PortKey">The key of its port.</param>
/// <param name="WithoutTls">How to turn TLS off.</param>
internal sealed record TlsPeer(string ServerKey, string PortKey, string WithoutTls)
{
    public static TlsPeer Collector { get; } = new("HEP_SERVER", "HEP_PORT", "set HEP_TRANSPORT to \"tcp\"");

    public static TlsPeer Broker { get; } = new("AMQP_SERVER", "AMQP_PORT", "set tls to false");
}
