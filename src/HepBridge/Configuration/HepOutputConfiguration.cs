namespace HepBridge.Configuration;

internal enum HepTransport
{
    Udp,
    Tcp,
    Tls,
}

/// <summary>How several servers of one object share packets (<c>mode</c>).</summary>
internal enum HepServerMode
{
    /// <summary>The first healthy one receives everything.</summary>
    Failover,

    /// <summary>Each call goes to one of them, chosen by its correlation id.</summary>
    Hash,
}

/// <summary>A collector's address: <c>HEP_SERVER</c> with its port.</summary>
internal sealed record HepServer(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>One object of <c>hep_config</c>.</summary>
internal sealed class HepOutputConfiguration
{
    /// <summary><c>HEP_SERVER</c>: one or a list ("host" or "host:port").</summary>
    public IReadOnlyList<HepServer> Servers { get; init; } = [new("127.0.0.1", 9060)];

    public HepTransport Transport { get; init; } = HepTransport.Udp;
    public HepServerMode Mode { get; init; } = HepServerMode.Failover;

    /// <summary><c>ring</c>: memory for packets queued for one collector, in bytes.</summary>
    public int RingBytes { get; init; } = 16 << 20;

    /// <summary><c>resend_window</c>: the period to resend after a reconnect; zero turns it off.</summary>
    public TimeSpan ResendWindow { get; init; }

    /// <summary>Without effect on other transports.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary><c>spool</c>; null for none.</summary>
    public SpoolConfiguration? Spool { get; init; }

    /// <summary>Identifies the output across reloads: transport, hosts, ports.</summary>
    public string Identity => $"{Transport} {string.Join(',', Servers)}";

    /// <summary>Whether an output created for one configuration serves the other unchanged.</summary>
    public bool IsSameAs(HepOutputConfiguration other) =>
        Identity == other.Identity && Mode == other.Mode && RingBytes == other.RingBytes && ResendWindow == other.ResendWindow
        && Tls == other.Tls && Spool == other.Spool;
}

/// <summary><c>hep_config.spool</c>.</summary>
internal sealed record SpoolConfiguration
{
    public required string Path { get; init; }
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary><c>max_age</c>: older packets are dropped (Homer 7's tables reach back about a day).</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(20);

    /// <summary><c>flush</c>: packets unsent for longer are written to disk.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How to connect by TLS.</summary>
/// <param name="Verify"><c>tls_verify</c>.</param>
/// <param name="Ca"><c>tls_ca</c>, a PEM file; null: the system's authorities.</param>
/// <param name="Certificate"><c>tls_cert</c>, a PEM file; null: no client certificate.</param>
/// <param name="Key"><c>tls_key</c>, a PEM file; null: in <paramref name="Certificate"/>.</param>
/// <param name="ServerName"><c>tls_server_name</c>; null: the server's.</param>
internal sealed record TlsOptions(bool Verify = true, string? Ca = null, string? Certificate = null, string? Key = null, string? ServerName = null);
