using HepBridge.Configuration.Tables;
using Microsoft.Extensions.Configuration;

namespace HepBridge.Configuration;

/// <summary>
/// Applies environment variables to the file's values: <c>HEPBRIDGE_esl_config__ESL_PASS</c> sets <c>esl_config.ESL_PASS</c>, and
/// <c>HEPBRIDGE_esl_config__0__ESL_PASS</c> sets <c>esl_config[0].ESL_PASS</c>. A name that does not fit the file's structure is an error, because a
/// password that is silently ignored is worse than none.
/// </summary>
internal static class EnvironmentVariables
{
    public const string Prefix = "HEPBRIDGE_";

    private const string Separator = "__";

    /// <summary>No key is nested deeper than this, so no name creates a deep tree.</summary>
    private const int MaxDepth = 8;

    /// <summary>Changes <paramref name="root"/>; reports names that do not fit to <paramref name="diagnostics"/>.</summary>
    public static void Overlay(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        IEnumerable<(string Name, string[] Segments, string Value)> variables = diagnostics.Environment.Variables
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(variable => (variable.Key, variable.Key[Prefix.Length..].Split(Separator), variable.Value))
            .OrderBy(variable => string.Join(':', variable.Item2), ConfigurationKeyComparer.Instance);

        foreach ((string name, string[] segments, string value) in variables)
        {
            if (segments.Length == 1 && !diagnostics.Sections.Root.IsKnown(segments[0]))
            {
                WarnOfSlip(name, segments[0], diagnostics);
            }
            else if (segments.Length > MaxDepth || segments.Contains("") || name.Any(char.IsControl))
            {
                diagnostics.Error(DisplayText.Key(name), "not the path of a key", $"write {Prefix}SECTION{Separator}KEY, or {Prefix}SECTION{Separator}0{Separator}KEY in a list");
            }
            else if (Place(root, name, segments, diagnostics) is { } node)
            {
                node.Value = value;
                node.Variable = name;
            }
        }
    }

    // Orchestrators set variables of their own (HEPBRIDGE_PORT, HEPBRIDGE_SERVICE_HOST for a service of this name).
    // Such a name is not an error, and deserves a warning only if it looks like a typo.
    private static void WarnOfSlip(string name, string key, ConfigurationDiagnostics diagnostics)
    {
        if (!name.Equals(ConfigurationFile.PathVariable, StringComparison.OrdinalIgnoreCase)
            && NearestKey.Find(key, diagnostics.Sections.Root.Names) is { } near)
        {
            diagnostics.Warning(DisplayText.Key(name), "this environment variable matches no key and has no effect", $"did you mean {Prefix}{near}?");
        }
    }

    private static ConfigurationNode? Place(ConfigurationNode root, string name, string[] segments, ConfigurationDiagnostics diagnostics)
    {
        ConfigurationNode node = root;
        for (int depth = 0; depth < segments.Length; depth++)
        {
            string segment = segments[depth];
            string before = Prefix + string.Concat(segments.Take(depth).Select(passed => passed + Separator));
            if (ConfigurationNode.IsPosition(segment) && node != root)
            {
                // A value's node has no children, and the key may accept a list: the index is only wrong if the file has something else there.
                if (!node.IsList && (node.Children.Count > 0 || !string.IsNullOrEmpty(node.Value)))
                {
                    return Refuse(name, $"{node.JsonPath} is not a list", $"omit the index: {(before + string.Join(Separator, segments[(depth + 1)..])).TrimEnd('_')}", diagnostics);
                }

                int count = node.Children.Count;
                if (node.Find(segment) is null && segment != $"{count}")
                {
                    string places = count == 0 ? "is empty" : $"ends at {node.JsonPath}[{count - 1}]";
                    return Refuse(name, $"{node.JsonPath} {places}", $"the next index is {before}{count}", diagnostics);
                }
            }
            else if (node.IsList)
            {
                return Refuse(name, $"{node.JsonPath} is a list", $"write the index: {before}0{Separator}{string.Join(Separator, segments[depth..])}", diagnostics);
            }
            else if (!string.IsNullOrEmpty(node.Value))
            {
                return Refuse(name, $"{node.JsonPath} is a single value", $"write {before[..^Separator.Length]}", diagnostics);
            }

            // An empty list can get its first item.
            node.Value = null;
            node = node.FindOrAdd(segment);
        }

        if (node.Children.Count > 0)
        {
            string advice = node.IsList ? $"write an index: {name}{Separator}0" : $"write a key: {name}{Separator}KEY";
            return Refuse(name, $"{node.JsonPath} is {(node.IsList ? "a list" : "an object")}", advice, diagnostics);
        }

        return node;
    }

    private static ConfigurationNode? Refuse(string name, string what, string advice, ConfigurationDiagnostics diagnostics)
    {
        diagnostics.Error($"environment variable {name}", what, advice);
        return null;
    }
}
