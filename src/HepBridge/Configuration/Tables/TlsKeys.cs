using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>The TLS keys of a section.</summary>
/// <param name="peer">The other side, in messages: "collector".</param>
/// <param name="serverKey">The key that names it.</param>
internal sealed class TlsKeys(string peer, string serverKey)
{
    public ValueKey<bool> Verify { get; } = new("tls_verify", EnumValues.Flag, "true", "`false` accepts any certificate and logs a warning at every start.");
    public ValueKey<string?> Ca { get; } = PemFile("tls_ca", "PEM file of trusted authorities. Default: the system's.");
    public ValueKey<string?> Certificate { get; } = PemFile("tls_cert", "PEM file of the client certificate.");
    public ValueKey<string?> Key { get; } = PemFile("tls_key", "PEM file of its private key. Default: in `tls_cert`.");
    public ValueKey<string?> ServerName { get; } = new("tls_server_name", Address.Host!, null, $"Name expected in the {peer}'s certificate. Default: `{serverKey}`.");

    public IReadOnlyList<Key> All => [Verify, Ca, Certificate, Key, ServerName];

    /// <param name="values">The object of the section.</param>
    /// <param name="isOn">Whether its connections use TLS.</param>
    /// <param name="howToTurnOn">"set tls to true".</param>
    /// <param name="diagnostics">Receives warnings about keys without effect, and errors.</param>
    public TlsOptions Make(SectionValues values, bool isOn, string howToTurnOn, ConfigurationDiagnostics diagnostics)
    {
        foreach (Key key in isOn ? [] : All.Where(values.Has))
        {
            diagnostics.Warning(values.PathOf(key), "has no effect without tls", $"{howToTurnOn}, or remove it");
        }

        if (isOn && !values.Get(Verify))
        {
            diagnostics.Warning(values.PathOf(Verify), $"the {peer}'s certificate is not verified: anyone on the way can read and change everything", "set tls_ca instead");
        }

        if (values.Mentions(Key) && !values.Mentions(Certificate))
        {
            diagnostics.Error(values.PathOf(Key), "a key without a certificate", "set tls_cert");
        }

        return new TlsOptions(values.Get(Verify), values.Get(Ca), values.Get(Certificate), values.Get(Key), values.Get(ServerName));
    }

    private static ValueKey<string?> PemFile(string name, string doc) => new(name, TextValues.FilePath!, null, doc)
    {
        Check = (path, environment) =>
            environment.FileExists(path!) ? null : ($"the file {DisplayText.Value(path!)} does not exist", "specify a PEM file that HepBridge's user can read"),
    };
}
