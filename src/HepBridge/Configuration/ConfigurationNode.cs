using System.Globalization;

namespace HepBridge.Configuration;

/// <summary>
/// A node of the configuration: a value, an object, or a list (an object whose keys are all numbers, as the JSON provider represents lists).
/// Keys are case-insensitive.
/// </summary>
internal sealed class ConfigurationNode(ConfigurationNode? parent = null, string key = "")
{
    private readonly Dictionary<string, ConfigurationNode> _byKey = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ConfigurationNode> _children = [];

    /// <summary>The key as the user spelled it; in a list, the index.</summary>
    public string Key => key;

    /// <summary>The text of a value; null for none (also JSON's null and {}); "" also for an empty list.</summary>
    public string? Value { get; set; }

    /// <summary>The environment variable that set the value; null if the file did.</summary>
    public string? Variable { get; set; }

    /// <summary>The child nodes in the order of the file; list items by index.</summary>
    public IReadOnlyList<ConfigurationNode> Children => _children;

    /// <summary>Whether all keys are indexes, and there is at least one.</summary>
    public bool IsList => _children.Count > 0 && _children.TrueForAll(child => IsPosition(child.Key));

    /// <summary>Whether it has both indexes and keys, or a value and children, which JSON cannot express.</summary>
    public bool IsMixed =>
        _children.Count > 0 && (!string.IsNullOrEmpty(Value) || (_children.Exists(child => IsPosition(child.Key)) && !IsList));

    /// <summary>Whether it is JSON's null or {}.</summary>
    public bool IsNothing => Value is null && _children.Count == 0;

    /// <summary>The JSON path, with the environment variable if one set it: <c>esl_config[1].ESL_PORT</c>.</summary>
    public string Path => PathSetBy(Variable);

    /// <summary>The JSON path; empty at the root.</summary>
    public string JsonPath => parent?.JsonPath switch
    {
        null => "",
        "" => DisplayText.Key(key),
        string above => IsPosition(key) ? $"{above}[{key}]" : $"{above}.{DisplayText.Key(key)}",
    };

    /// <summary>Whether a key is a list index.</summary>
    public static bool IsPosition(string key) =>
        key.Length is > 0 and < 10
        && (key[0] != '0' || key.Length == 1)
        && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    public string PathSetBy(string? variable) => variable is null ? JsonPath : $"{JsonPath} (environment variable {variable})";

    public ConfigurationNode? Find(string key) => _byKey.GetValueOrDefault(key);

    public ConfigurationNode FindOrAdd(string key)
    {
        if (_byKey.TryGetValue(key, out ConfigurationNode? child))
        {
            return child;
        }

        child = new ConfigurationNode(this, key);
        _byKey.Add(key, child);
        _children.Add(child);
        return child;
    }
}
