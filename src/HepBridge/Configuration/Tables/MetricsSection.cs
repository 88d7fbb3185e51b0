using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>metrics</c>: where metrics and health are served.</summary>
internal static class MetricsSection
{
    public const string Name = "metrics";

    public static ValueKey<string> Listen { get; } = new("listen", Address.Listen, "127.0.0.1:9096", "Where `/metrics` and `/health` are served; there are no call data in them.");

    public static ListKey<string> AllowedHosts { get; } = new("allowed_hosts", Address.Host, [],
        "More names under which it may be asked for; addresses, `localhost` and this host's own name always may.");

    public static KeyGroup Group { get; } = new("`metrics`", "Nothing is served without this section.", Listen, AllowedHosts);

    public static SectionTable Table { get; } = new(Name, [Group], []);

    /// <summary>Where metrics are served (null: nowhere), and under which names beside its own.</summary>
    public static (string? Listen, IReadOnlyList<string> AllowedHosts) Make(ConfigurationNode root, Findings findings)
    {
        SectionValues values = SectionReader.ReadObject(root, Table, findings);
        return values.Node is null ? (null, []) : (values.Get(Listen), values.Get(AllowedHosts));
    }
}
