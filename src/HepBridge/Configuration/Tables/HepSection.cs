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

/// <summary>Object <c>spool</c> of <c>hep_config</c>.</summary>
internal static class SpoolSection
{
    public const string Name = "spool";

    public static ValueKey<string?> Path { get; } = new("path", TextValues.FilePath!, null, "Directory, one per object of `hep_config`. Required.");
    public static ValueKey<long> MaxBytes { get; } = new("max_bytes", NumericValues.Size("1MB", "1000TB"), "1GB", "Largest size on disk.");

    public static ValueKey<TimeSpan> MaxAge { get; } = new("max_age", NumericValues.Duration("1m", "3650d"), "20h",
        "Older packets are dropped and counted: one row older than its tables makes Homer 7 lose a whole batch.");

    public static ValueKey<TimeSpan> Flush { get; } = new("flush", NumericValues.Duration("10ms", "1m"), "1s", "Packets unsent for longer than this are written to disk.");

    public static KeyGroup Group { get; } = new(
        "`spool`, an object in `hep_config`",
        "For `tcp` and `tls`: keeps packets on disk through collector outages and restarts of HepBridge.",
        Path, MaxBytes, MaxAge, Flush);

    public static SectionTable Table { get; } = new(Name, [Group], [], HepSection.Name);

    public static SpoolConfiguration? Make(SectionValues output, HepTransport transport, ConfigurationDiagnostics diagnostics)
    {
        if (output.Node?.Find(Name) is not { IsNothing: false } node)
        {
            return null;
        }

        SectionValues values = SectionReader.ReadObject(output.Node, Table, diagnostics);
        if (transport == HepTransport.Udp)
        {
            diagnostics.Error(node.JsonPath, "a spool requires a connection, and udp has none", "set HEP_TRANSPORT to tcp or tls, or remove the spool");
        }

        if (values.Get(Path) is not { } directory)
        {
            if (values.Node is not null && !values.Mentions(Path))
            {
                diagnostics.Error(values.PathOf(Path), "required", "specify a directory that HepBridge's user can write");
            }

            return null;
        }

        return new SpoolConfiguration { Path = directory, MaxBytes = values.Get(MaxBytes), MaxAge = values.Get(MaxAge), Flush = values.Get(Flush) };
    }
}
