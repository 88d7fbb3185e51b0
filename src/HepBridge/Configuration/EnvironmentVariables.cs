using HepBridge.Configuration.Tables;
using Microsoft.Extensions.Configuration;

namespace HepBridge.Configuration;

/// <summary>
/// Lays environment variables over what the file says: <c>HEPBRIDGE_esl_config__ESL_PASS</c> is <c>esl_config.ESL_PASS</c>, and
/// <c>HEPBRIDGE_esl_config__0__ESL_PASS</c> is <c>esl_config[0].ESL_PASS</c>. A name that doesn't fit the file's form is refused, since a
/// password that quietly goes nowhere is worse than none.
/// </summary>
internal static class EnvironmentVariables
{
    /// <summary>What each variable's name starts with.</summary>
    public const string Prefix = "HEPBRIDGE_";

    private const string Separator = "__";

    /// <summary>No key stands deeper than this; so no name makes deep trees.</summary>
    private const int MaxDepth = 8;

    /// <summary>Changes <paramref name="root"/>; names that don't fit go to <paramref name="diagnostics"/>.</summary>
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
                diagnostics.Error(DisplayText.Key(name), "this name is no path to a key", $"write {Prefix}SECTION{Separator}KEY, or {Prefix}SECTION{Separator}0{Separator}KEY in a list");
            }
            else if (Place(root, name, segments, diagnostics) is { } node)
            {
                node.Value = value;
                node.Variable = name;
            }
        }
    }

    // Orchestrators put variables of their own into the environment (HEPBRIDGE_PORT, HEPBRIDGE_SERVICE_HOST for a service of this name):
    // such a name is no error, and worth a warning only where it looks like a slip.
    private static void WarnOfSlip(string name, string key, ConfigurationDiagnostics diagnostics)
    {
        if (!name.Equals(ConfigurationFile.PathVariable, StringComparison.OrdinalIgnoreCase)
            && NearestKey.Find(key, diagnostics.Sections.Root.Names) is { } near)
        {
            diagnostics.Warning(DisplayText.Key(name), "this environment variable is no key and does nothing", $"did you mean {Prefix}{near}?");
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
                // A value's node has no children; its list may be longer than one, so the index is only wrong where something else is there.
                if (!node.IsList && (node.Children.Count > 0 || !string.IsNullOrEmpty(node.Value)))
                {
                    Refuse(name, $"{node.JsonPath} is not a list", $"leave the index out: {WithoutIndex(before, segments, depth)}", diagnostics);
                    return null;
                }

                int count = node.Children.Count;
                if (node.Find(segment) is null && segment != Invariant(count))
                {
                    string places = count == 0 ? "is empty" : $"ends at {node.JsonPath}[{Invariant(count - 1)}]";
                    Refuse(name, $"{node.JsonPath} {places}", $"the next index is {before}{Invariant(count)}", diagnostics);
                    return null;
                }
            }
            else if (node.IsList)
            {
                Refuse(name, $"{node.JsonPath} is a list", $"write the index: {before}0{Separator}{string.Join(Separator, segments[depth..])}", diagnostics);
                return null;
            }
            else if (!string.IsNullOrEmpty(node.Value))
            {
                Refuse(name, $"{node.JsonPath} is a single value", $"write {before[..^Separator.Length]}", diagnostics);
                return null;
            }

            // An empty list may get its first item.
            node.Value = null;
            node = node.FindOrAdd(segment);
        }

        if (node.Children.Count > 0)
        {
            string advice = node.IsList ? $"write an index: {name}{Separator}0" : $"write a key: {name}{Separator}KEY";
            Refuse(name, $"{node.JsonPath} is {(node.IsList ? "a list" : "an object")}", advice, diagnostics);
            return null;
        }

        return node;
    }

    private static string WithoutIndex(string before, string[] segments, int depth) =>
        (before + string.Join(Separator, segments[(depth + 1)..])).TrimEnd('_');

    private static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Refuse(string name, string what, string advice, ConfigurationDiagnostics diagnostics) =>
        diagnostics.Error($"environment variable {name}", what, advice);
}
