using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>metrics</c>: where metrics and health are served.</summary>
internal static class MetricsSection
{
    public const string Name = "metrics";

    public static ValueKey<string> Listen { get; } = new("listen", Address.Listen, "127.0.0.1:9096", "Where `/metrics` and `/health` are served; there are no call data in them.");

    public static KeyGroup Group { get; } = new("`metrics`", "Nothing is served without this section.", Listen);

    public static SectionTable Table { get; } = new(Name, [Group], []);

    /// <summary>Where metrics are served; null: nowhere.</summary>
    public static string? Make(ConfigurationNode root, Findings findings)
    {
        SectionValues values = SectionReader.ReadObject(root, Table, findings);
        return values.Node is null ? null : values.Get(Listen);
    }
}
