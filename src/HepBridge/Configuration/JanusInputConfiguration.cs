using System.Net;

namespace HepBridge.Configuration;

/// <summary>Janus events to report, named as in Janus's event mask.</summary>
[Flags]
internal enum JanusEvents
{
    None = 0,
    Sessions = 1,
    Handles = 2,
    External = 4,
    Jsep = 8,
    WebRtc = 16,
    Media = 32,
    Plugins = 64,
    Transports = 128,
    Core = 256,
    All = 511,
}

/// <summary>One object of <c>janus_config</c>.</summary>
internal sealed class JanusInputConfiguration : InputConfiguration
{
    /// <summary><c>listen</c>, else <c>API_SERVER</c> and <c>API_PORT</c>.</summary>
    public required IPEndPoint Listen { get; init; }

    public string User { get; init; } = "janus";

    /// <summary><c>API_PASS</c>; null: no authentication. A secret.</summary>
    public string? Password { get; init; }

    /// <summary><c>allowed_senders</c>; empty: all.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    /// <summary><c>max_body</c>, in bytes, uncompressed.</summary>
    public int MaxBody { get; init; } = 10 << 20;

    public JanusEvents Events { get; init; } = JanusEvents.All & ~JanusEvents.Transports;
    public bool ReportSip { get; init; } = true;

    public override string Identity => $"janus {Listen}";

    public override string Description => $"Janus's events on http://{Listen}";

    public override int EventPaths => 0;

    /// <summary>Whether sending events requires a password, a listed address, or being on this host.</summary>
    public bool IsGuarded => Password is not null || AllowedSenders.Count > 0 || IPAddress.IsLoopback(Listen.Address);
}
