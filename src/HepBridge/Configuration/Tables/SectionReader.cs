namespace HepBridge.Configuration.Tables;

/// <summary>Reads objects of the file according to their section's table.</summary>
internal static class SectionReader
{
    /// <summary>Reads a section that is one object; a missing one counts as empty.</summary>
    public static SectionValues ReadObject(ConfigurationNode root, SectionTable table, ConfigurationDiagnostics diagnostics)
    {
        ConfigurationNode? node = root.Find(table.Name);
        if (node is not null && !CheckIsObject(node, diagnostics))
        {
            node = null;
        }

        string above = root.JsonPath;
        return Read(node, node?.JsonPath ?? (above.Length == 0 ? table.Name : $"{above}.{table.Name}"), table, diagnostics);
    }

    /// <summary>Reads a section that is one object or a list of objects.</summary>
    public static IReadOnlyList<SectionValues> ReadObjects(ConfigurationNode root, SectionTable table, ConfigurationDiagnostics diagnostics)
    {
        ConfigurationNode? section = root.Find(table.Name);
        if (section is null || (section.Value is { Length: 0 } && section.Children.Count == 0))
        {
            return [];
        }

        IReadOnlyList<ConfigurationNode> nodes = section.IsList ? section.Children : [section];
        return [.. nodes.Where(node => CheckIsObject(node, diagnostics)).Select(node => Read(node, node.JsonPath, table, diagnostics))];
    }

    public static SectionValues ReadRoot(ConfigurationNode root, SectionTable table, ConfigurationDiagnostics diagnostics) => Read(root, "", table, diagnostics);

    private static SectionValues Read(ConfigurationNode? node, string path, SectionTable table, ConfigurationDiagnostics diagnostics)
    {
        SectionValues values = new(node, path);
        foreach (ConfigurationNode child in node?.Children ?? [])
        {
            if (table.Find(child.Key) is { } key)
            {
                // JSON's null is the same as a missing key.
                if (!child.IsNothing && key.TryRead(child, diagnostics, out object? value))
                {
                    values.Set(key, value);
                }
            }
            else if (!table.IsKnown(child.Key))
            {
                ReportUnknown(child, table, diagnostics);
            }
        }

        return values;
    }

    private static bool CheckIsObject(ConfigurationNode node, ConfigurationDiagnostics diagnostics)
    {
        if (node.IsMixed || node.IsList || !string.IsNullOrEmpty(node.Value))
        {
            string what = node.IsMixed ? "mixes an object with a list or a value" : node.IsList ? "expected an object, not a list" : "expected an object, not a single value";
            diagnostics.Error(node.Path, what, "write an object, { … }");
            return false;
        }

        return true;
    }

    private static void ReportUnknown(ConfigurationNode node, SectionTable table, ConfigurationDiagnostics diagnostics)
    {
        string? home = diagnostics.Sections.HomeOf(node.Key);
        string advice =
            home is not null ? $"it belongs {home}"
            : NearestKey.Find(node.Key, table.Names) is { } near ? $"did you mean {near}?"
            : NearestKey.Find(node.Key, diagnostics.Sections.AllNames) is { } elsewhere ? $"did you mean {elsewhere}? It belongs {diagnostics.Sections.HomeOf(elsewhere)}"
            : "remove it, or look up its name in docs/configuration.md";

        // A value may come from the environment; an unknown object contains such values.
        ConfigurationNode shown = node;
        while (shown.Variable is null && shown.Children is [{ } only])
        {
            shown = only;
        }

        diagnostics.Error(node.PathSetBy(shown.Variable), "unknown key", advice);
    }
}
