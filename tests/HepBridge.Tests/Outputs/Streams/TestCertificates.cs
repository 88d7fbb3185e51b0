using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HepBridge.Tests.Outputs.Streams;

/// <summary>A certificate authority with its certificates, for one test.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge").FullName;

    public TestCertificates()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=Test CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        CaFile = Path.Combine(_directory, "ca.pem");
        File.WriteAllText(CaFile, Authority.ExportCertificatePem());
    }

    public X509Certificate2 Authority { get; }

    public string CaFile { get; }

    /// <summary>A server's certificate for 127.0.0.1 and one name.</summary>
    public X509Certificate2 Server(string name = "localhost", bool address = true, bool expired = false) => Issue($"CN={name}", name, address, expired);

    /// <summary>A client's certificate and key as PEM files.</summary>
    public (string Certificate, string Key) Client(string subject)
    {
        using X509Certificate2 certificate = Issue(subject, "client", false, false);
        string file = Path.Combine(_directory, "client.pem");
        string keyFile = Path.Combine(_directory, "client.key");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private X509Certificate2 Issue(string subject, string name, bool address, bool expired)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        if (address)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 issued = request.Create(
            Authority, now.AddYears(-1), expired ? now.AddDays(-1) : now.AddYears(1), Guid.NewGuid().ToByteArray());
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
