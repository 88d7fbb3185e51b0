using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HepBridge.Outputs.Streams;

/// <summary>Reads the PEM files of <c>tls_ca</c>, <c>tls_cert</c> and <c>tls_key</c>.</summary>
internal static class TlsFiles
{
    /// <summary>Trust in the authorities of a file alone.</summary>
    /// <exception cref="ConnectFailedException">The file cannot be read.</exception>
    public static X509ChainPolicy ReadAuthorities(string ca)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(ReadCertificates("tls_ca", ca));
        return policy;
    }

    /// <summary>A client certificate with its chain and key.</summary>
    /// <exception cref="ConnectFailedException">A file cannot be read.</exception>
    public static SslStreamCertificateContext ReadClientCertificate(string certificate, string? key)
    {
        X509Certificate2Collection chain = ReadCertificates("tls_cert", certificate);
        return SslStreamCertificateContext.Create(ReadCertificate(certificate, key), chain, offline: true);
    }

    private static X509Certificate2Collection ReadCertificates(string setting, string path)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConnectFailedException($"{setting}: cannot read {path}: {e.Message}", e);
        }

        return certificates.Count > 0 ? certificates : throw new ConnectFailedException($"{setting}: no certificate in {path}");
    }

    private static X509Certificate2 ReadCertificate(string path, string? key)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(path, key);
            if (!OperatingSystem.IsWindows())
            {
                return certificate;
            }

            // TLS on Windows requires the key in a key store.
            using (certificate)
            {
                return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConnectFailedException($"tls_cert, tls_key: {path} and {key ?? "no key file"} are not a certificate and its key: {e.Message}", e);
        }
    }
}
