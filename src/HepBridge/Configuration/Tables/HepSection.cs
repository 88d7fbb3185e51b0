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

    public static TlsKeys Tls { get; } = new("collector", "HEP_SERVER");

    public static KeyGroup Group { get; } = new(
        "`hep_config`: collectors",
        "One object, or a list of objects that each receive everything. At least one is required.",
        [Servers, Port, Transport, Mode, Ring, ResendWindow, .. Tls.All]);

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
        TlsOptions tls = Tls.Make(values, transport == HepTransport.Tls, "set HEP_TRANSPORT to tls", diagnostics);
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
            Tls = tls,
            Spool = SpoolSection.Make(values, transport, diagnostics),
        };
    }
}
