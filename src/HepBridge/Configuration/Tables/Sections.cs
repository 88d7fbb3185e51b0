namespace HepBridge.Configuration.Tables;

/// <summary>All sections and keys: the source of the reader, its messages and docs/configuration.md.</summary>
internal static class Sections
{
    /// <summary>hepipe.js's sections without a counterpart yet: each is one warning.</summary>
    public static IReadOnlyList<string> Unsupported { get; } = ["logs_config", "janus_config"];

    /// <summary>The whole file.</summary>
    public static SectionTable Root { get; } = new(
        "",
        [AgentSection.Group],
        [HepSection.Name, EslSection.Name, MulticastSection.Name, ReportsSection.Name, MetricsSection.Name, WebSection.Name, .. Unsupported]);

    /// <summary>The sections, in the order of docs/configuration.md.</summary>
    public static IReadOnlyList<SectionTable> All { get; } =
        [EslSection.Table, MulticastSection.Table, HepSection.Table, SpoolSection.Table, ReportsSection.Table, MetricsSection.Table, WebSection.Table, Root];

    /// <summary>Each group of keys once, in the order of docs/configuration.md.</summary>
    public static IReadOnlyList<KeyGroup> Groups { get; } =
    [
        EslSection.Group, MulticastSection.Group, ReportFlagKeys.Group, HepSection.Group, SpoolSection.Group, IdentityKeys.Group, ReportKeys.Group,
        ReportsSection.Group, MetricsSection.Group, WebSection.Group, AgentSection.Group, DebugKey.Group,
    ];

    /// <summary>The names of all keys and sections.</summary>
    public static IEnumerable<string> AllNames { get; } = [.. All.SelectMany(table => table.Names).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Where a key belongs, for a message: "in hep_config"; null: nobody knows the key.</summary>
    public static string? HomeOf(string name)
    {
        string[] homes = [.. All.Where(table => table.IsKnown(name)).Select(table =>
            table == Root ? "at the top of the file" : table == SpoolSection.Table ? $"in {HepSection.Name}.{table.Name}" : $"in {table.Name}")];
        return homes.Length == 0 ? null : string.Join(" or ", homes);
    }
}
