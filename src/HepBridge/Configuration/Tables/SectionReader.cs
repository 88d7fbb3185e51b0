namespace HepBridge.Configuration.Tables;

/// <summary>Reads objects of the file by their section's table.</summary>
internal static class SectionReader
{
    /// <summary>The section's one object; nothing at all reads like an empty one.</summary>
    public static SectionValues ReadObject(ConfigurationNode root, SectionTable table, Findings findings)
    {
        ConfigurationNode? node = root.Find(table.Name);
        if (node is not null && !CheckIsObject(node, findings))
        {
            node = null;
        }

        return Read(node, node?.JsonPath ?? Join(root.JsonPath, table.Name), table, findings);
    }

    /// <summary>The objects of a section that may be one object or a list of them.</summary>
    public static IReadOnlyList<SectionValues> ReadObjects(ConfigurationNode root, SectionTable table, Findings findings)
    {
        ConfigurationNode? section = root.Find(table.Name);
        if (section is null || (section.Value is { Length: 0 } && section.Children.Count == 0))
        {
            return [];
        }

        IReadOnlyList<ConfigurationNode> nodes = section.IsList ? section.Children : [section];
        return [.. nodes.Where(node => CheckIsObject(node, findings)).Select(node => Read(node, node.JsonPath, table, findings))];
    }

    /// <summary>The whole file's own keys.</summary>
    public static SectionValues ReadRoot(ConfigurationNode root, SectionTable table, Findings findings) => Read(root, "", table, findings);

    private static SectionValues Read(ConfigurationNode? node, string path, SectionTable table, Findings findings)
    {
        SectionValues values = new(node, path);
        foreach (ConfigurationNode child in node?.Children ?? [])
        {
            if (table.Find(child.Key) is { } key)
            {
                // JSON's null is the same as no key at all.
                if (!child.IsNothing && key.TryRead(child, findings, out object? value))
                {
                    values.Set(key, value);
                }
            }
            else if (!table.IsKnown(child.Key))
            {
                ReportUnknown(child, table, findings);
            }
        }

        return values;
    }

    private static bool CheckIsObject(ConfigurationNode node, Findings findings)
    {
        if (node.IsMixed || node.IsList || !string.IsNullOrEmpty(node.Value))
        {
            string what = node.IsMixed ? "it mixes an object with a list or a value" : node.IsList ? "it is a list" : "it is a single value";
            findings.Error(node.Path, what, "write an object, { … }");
            return false;
        }

        return true;
    }

    private static void ReportUnknown(ConfigurationNode node, SectionTable table, Findings findings)
    {
        string? home = Sections.HomeOf(node.Key);
        string advice =
            home is not null ? $"it belongs {home}"
            : NearestKey.Find(node.Key, table.Names) is { } near ? $"did you mean {near}?"
            : NearestKey.Find(node.Key, Sections.AllNames) is { } elsewhere ? $"did you mean {elsewhere}? It belongs {Sections.HomeOf(elsewhere)}"
            : "remove it, or look up its name in docs/configuration.md";

        // A leaf may come from the environment; an unknown object holds leaves that do.
        ConfigurationNode shown = node;
        while (shown.Variable is null && shown.Children is [{ } only])
        {
            shown = only;
        }

        string path = shown.Variable is null ? node.JsonPath : $"{node.JsonPath} (environment variable {shown.Variable})";
        findings.Error(path, "there is no such key", advice);
    }

    private static string Join(string above, string name) => above.Length == 0 ? name : $"{above}.{name}";
}
