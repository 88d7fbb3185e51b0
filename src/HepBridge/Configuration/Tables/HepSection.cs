using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>hep_config</c>: collectors.</summary>
internal static class HepSection
{
    public const string Name = "hep_config";

    public static ListKey<HepServer> Servers { get; } = new("HEP_SERVER", Address.Server, ["127.0.0.1"],
        "Collector: `\"host\"`, `\"host:port\"` or `\"[IPv6]:port\"`, or a list of them (see `mode`).")
    { IsRequired = true };

    public static ValueKey<int> Port { get; } = new("HEP_PORT", NumericValues.Port, "9060", "Port of each `HEP_SERVER` without one.");

    public static ValueKey<HepTransport> Transport { get; } = new("HEP_TRANSPORT",
        EnumValues.Of("a transport", ("udp", HepTransport.Udp), ("tcp", HepTransport.Tcp), ("tls", HepTransport.Tls)), "udp",
        "`udp`, `tcp` or `tls`.");

    public static ValueKey<HepServerMode> Mode { get; } = new("mode",
        EnumValues.Of("a mode", ("failover", HepServerMode.Failover), ("hash", HepServerMode.Hash)), "failover",
        "With several servers: `failover` sends to the first healthy one; `hash` sends each call to one of them.");

    public static ValueKey<long> Ring { get; } = new("ring", NumericValues.Size("256KB", "1GB"), "16MB",
        "Memory for packets queued for one collector. Above 75 % new RTCP reports are dropped, at 100 % everything; drops are counted.");

    public static ValueKey<TimeSpan> ResendWindow { get; } = new("resend_window", NumericValues.Duration("0s", "10m"), "0s",
        "After a reconnect, resend the packets of this period (tcp, tls): duplicates instead of gaps.");

    public static ValueKey<bool> TlsVerify { get; } = new("tls_verify", EnumValues.Flag, "true", "`false` accepts any certificate and logs a warning at every start.");

    public static ValueKey<string?> TlsCa { get; } = PemFile("tls_ca", "PEM file of trusted authorities. Default: the system's.");

    public static ValueKey<string?> TlsCertificate { get; } = PemFile("tls_cert", "PEM file of the client certificate.");

    public static ValueKey<string?> TlsKey { get; } = PemFile("tls_key", "PEM file of its private key. Default: in `tls_cert`.");

    public static ValueKey<string?> TlsServerName { get; } = new("tls_server_name", Address.Host!, null,
        "Name expected in the collector's certificate. Default: `HEP_SERVER`.");

    public static KeyGroup Group { get; } = new(
        "`hep_config`: collectors",
        "One object, or a list of objects that each receive everything. At least one is required.",
        Servers, Port, Transport, Mode, Ring, ResendWindow, TlsVerify, TlsCa, TlsCertificate, TlsKey, TlsServerName);

    public static SectionTable Table { get; } = new(Name, [Group, IdentityKeys.Group, DebugKey.Group], [SpoolSection.Name]);

    public static HepOutputConfiguration Make(SectionValues values, ConfigurationDiagnostics diagnostics)
    {
        int port = values.Get(Port);
        List<HepServer> servers = [.. values.Get(Servers).Select(server => server.Port == 0 ? server with { Port = port } : server)];
        foreach (HepServer twice in servers.GroupBy(server => server.ToString(), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.First()))
        {
            diagnostics.Error(values.PathOf(Servers), $"{twice} is listed twice", "list each server once");
        }

        HepTransport transport = values.Get(Transport);
        CheckTls(values, transport, diagnostics);
        if (transport == HepTransport.Udp && values.Get(ResendWindow) > TimeSpan.Zero)
        {
            diagnostics.Warning(values.PathOf(ResendWindow), "has no effect with udp, which has no connection to lose", "set HEP_TRANSPORT to tcp or tls");
        }

        return new HepOutputConfiguration
        {
            Servers = servers,
            Transport = transport,
            Mode = values.Get(Mode),
            RingBytes = (int)values.Get(Ring),
            ResendWindow = values.Get(ResendWindow),
            TlsVerify = values.Get(TlsVerify),
            TlsCa = values.Get(TlsCa),
            TlsCertificate = values.Get(TlsCertificate),
            TlsKey = values.Get(TlsKey),
            TlsServerName = values.Get(TlsServerName),
            Spool = SpoolSection.Make(values, transport, diagnostics),
        };
    }

    private static void CheckTls(SectionValues values, HepTransport transport, ConfigurationDiagnostics diagnostics)
    {
        if (transport != HepTransport.Tls)
        {
            foreach (Key key in (ReadOnlySpan<Key>)[TlsVerify, TlsCa, TlsCertificate, TlsKey, TlsServerName])
            {
                if (values.Has(key))
                {
                    diagnostics.Warning(values.PathOf(key), "has no effect without tls", "set HEP_TRANSPORT to tls, or remove it");
                }
            }
        }
        else if (!values.Get(TlsVerify))
        {
            diagnostics.Warning(values.PathOf(TlsVerify), "the collector's certificate is not verified: anyone on the way can read and change everything", "set tls_ca instead");
        }

        if (values.Mentions(TlsKey) && !values.Mentions(TlsCertificate))
        {
            diagnostics.Error(values.PathOf(TlsKey), "a key without a certificate", "set tls_cert");
        }
    }

    internal static ValueKey<string?> PemFile(string name, string doc) => new(name, TextValues.FilePath!, null, doc)
    {
        Check = (path, environment) =>
            environment.FileExists(path!) ? null : ($"the file {DisplayText.Value(path!)} does not exist", "specify a PEM file that HepBridge's user can read"),
    };
}
