namespace HepBridge.Configuration.Tables;

/// <summary>All that may stand in one section.</summary>
/// <param name="Name">The section's key; empty for the whole file.</param>
/// <param name="Groups">Its keys.</param>
/// <param name="Nested">Names of the objects in it that have tables of their own.</param>
/// <param name="Parent">The section that it is an object of; null: of none.</param>
internal sealed record SectionTable(string Name, IReadOnlyList<KeyGroup> Groups, IReadOnlyList<string> Nested, string? Parent = null)
{
    private readonly Dictionary<string, Key> _keys = Groups.SelectMany(group => group.Keys).ToDictionary(key => key.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Where it is in the file: "hep_config.spool"; empty for the whole file.</summary>
    public string Path => Parent is null ? Name : $"{Parent}.{Name}";

    public IReadOnlyCollection<Key> Keys => _keys.Values;

    /// <summary>The names of its keys and nested objects.</summary>
    public IEnumerable<string> Names => _keys.Keys.Concat(Nested);

    /// <summary>The key of a name; null: none.</summary>
    public Key? Find(string name) => _keys.GetValueOrDefault(name);

    /// <summary>Whether a key or a nested object has this name.</summary>
    public bool IsKnown(string name) => _keys.ContainsKey(name) || Nested.Contains(name, StringComparer.OrdinalIgnoreCase);
}
