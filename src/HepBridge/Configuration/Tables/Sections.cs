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

    public IEnumerable<string> AllNames => All.SelectMany(table => table.Names).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where a key belongs, for a message: "in hep_config"; null if the key is unknown.</summary>
    public string? HomeOf(string name)
    {
        string[] homes = [.. All.Where(table => table.IsKnown(name)).Select(table => table == Root ? "at the top level" : $"in {table.Path}")];
        return homes.Length == 0 ? null : string.Join(" or ", homes);
    }
}

/// <summary>The section of one kind of input: one object, or a list of objects.</summary>
/// <param name="Name">The section's key.</param>
/// <param name="Group">The keys of this section alone.</param>
/// <param name="Shared">The groups shared with other sections.</param>
/// <param name="Make">Creates the configuration from one object.</param>
internal sealed record InputSection(
    string Name, KeyGroup Group, IReadOnlyList<KeyGroup> Shared, Func<SectionValues, ReportOptions, ConfigurationDiagnostics, InputConfiguration> Make)
{
    /// <summary>Keys of every input section: the sender's identity and <c>debug</c>.</summary>
    public static IReadOnlyList<KeyGroup> Sender { get; } = [IdentityKeys.Group, DebugKey.Group];

    /// <summary>Keys of an input of FreeSWITCH events: in addition, report flags and options.</summary>
    public static IReadOnlyList<KeyGroup> Events { get; } = [.. Sender, ReportFlagKeys.Group, ReportKeys.Group];

    public IReadOnlyList<SectionTable> Nested { get; init; } = [];

    public SectionTable Table => field ??= new(Name, [Group, .. Shared], [.. Nested.Select(table => table.Name)]);
}

/// <summary>The keys and objects allowed in one section.</summary>
/// <param name="Name">The section's key; empty at the top level.</param>
/// <param name="Groups">Its keys.</param>
/// <param name="Nested">Names of nested objects that have their own tables.</param>
/// <param name="Parent">The enclosing section; null at the top level.</param>
internal sealed record SectionTable(string Name, IReadOnlyList<KeyGroup> Groups, IReadOnlyList<string> Nested, string? Parent = null)
{
    private readonly Dictionary<string, Key> _keys = Groups.SelectMany(group => group.Keys).ToDictionary(key => key.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Where it is in the file: "hep_config.spool"; empty for the whole file.</summary>
    public string Path => Parent is null ? Name : $"{Parent}.{Name}";

    public IReadOnlyCollection<Key> Keys => _keys.Values;
    public IEnumerable<string> Names => _keys.Keys.Concat(Nested);

    public Key? Find(string name) => _keys.GetValueOrDefault(name);

    public bool IsKnown(string name) => _keys.ContainsKey(name) || Nested.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Related keys, possibly shared by several sections: a heading of docs/configuration.md with its table.</summary>
/// <param name="Title">The heading (Markdown).</param>
/// <param name="Intro">What to know before the table (Markdown).</param>
/// <param name="Keys">The rows.</param>
internal sealed record KeyGroup(string Title, string Intro, params IReadOnlyList<Key> Keys);
