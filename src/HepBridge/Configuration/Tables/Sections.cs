namespace HepBridge.Configuration.Tables;

/// <summary>All sections and keys: the source of the reader, its messages and docs/configuration.md.</summary>
/// <param name="inputs">The input sections, in the order of docs/configuration.md.</param>
internal sealed class Sections(IReadOnlyList<InputSection> inputs)
{
    public IReadOnlyList<InputSection> Inputs => inputs;

    /// <summary>The top level.</summary>
    public SectionTable Root => field ??= new(
        "",
        [AgentSection.Group],
        [HepSection.Name, .. inputs.Select(input => input.Name), ReportsSection.Name, MetricsSection.Name, WebSection.Name]);

    /// <summary>The sections, in the order of docs/configuration.md.</summary>
    public IReadOnlyList<SectionTable> All => field ??=
    [
        .. inputs.SelectMany(input => (IEnumerable<SectionTable>)[input.Table, .. input.Nested]),
        HepSection.Table, SpoolSection.Table, ReportsSection.Table, MetricsSection.Table, WebSection.Table, Root,
    ];

    /// <summary>Each group of keys once, in the order of docs/configuration.md.</summary>
    public IReadOnlyList<KeyGroup> Groups =>
    [
        .. inputs.SelectMany(input => (IEnumerable<KeyGroup>)[input.Group, .. input.Nested.SelectMany(table => table.Groups)]),
        ReportFlagKeys.Group, HepSection.Group, SpoolSection.Group, IdentityKeys.Group, ReportKeys.Group,
        ReportsSection.Group, MetricsSection.Group, WebSection.Group, AgentSection.Group, DebugKey.Group,
    ];

    /// <summary>The names of all keys and sections.</summary>
    public IEnumerable<string> AllNames => All.SelectMany(table => table.Names).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where a key belongs, for a message: "in hep_config"; null if the key is unknown.</summary>
    public string? HomeOf(string name)
    {
        string[] homes = [.. All.Where(table => table.IsKnown(name)).Select(table => table == Root ? "at the top level" : $"in {table.Path}")];
        return homes.Length == 0 ? null : string.Join(" or ", homes);
    }
}
