namespace HepBridge.Configuration.Tables;

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

    /// <summary>The names of its keys and nested objects.</summary>
    public IEnumerable<string> Names => _keys.Keys.Concat(Nested);

    public Key? Find(string name) => _keys.GetValueOrDefault(name);

    public bool IsKnown(string name) => _keys.ContainsKey(name) || Nested.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Related keys, possibly shared by several sections: a heading of docs/configuration.md with its table.</summary>
/// <param name="Title">The heading (Markdown).</param>
/// <param name="Intro">What to know before the table (Markdown).</param>
/// <param name="Keys">The rows.</param>
internal sealed record KeyGroup(string Title, string Intro, params IReadOnlyList<Key> Keys);
