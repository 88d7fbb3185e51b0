using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>A self-signed certificate for localhost, as two PEM files.</summary>
internal sealed record ServerCertificate(string Path, string KeyPath)
{
    public static ServerCertificate Create(string directory)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        ServerCertificate files = new(System.IO.Path.Combine(directory, "certificate.pem"), System.IO.Path.Combine(directory, "key.pem"));
        File.WriteAllText(files.Path, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyPath, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
