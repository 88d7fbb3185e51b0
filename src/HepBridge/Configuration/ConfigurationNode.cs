using System.Globalization;

namespace HepBridge.Configuration;

/// <summary>
/// One place of the configuration: a value, an object, or a list (an object whose keys are all numbers, as the JSON provider writes lists).
/// Keys are matched without case.
/// </summary>
internal sealed class ConfigurationNode
{
    private readonly Dictionary<string, ConfigurationNode> _byKey = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ConfigurationNode> _children = [];

    private ConfigurationNode(ConfigurationNode? parent, string key)
    {
        Parent = parent;
        Key = key;
    }

    /// <summary>The object or list that this stands in; null: this is the whole configuration.</summary>
    public ConfigurationNode? Parent { get; }

    /// <summary>The key, spelled as the user did; in a list the position.</summary>
    public string Key { get; }

    /// <summary>The text of a value; null: none (also JSON's null and {}); "" also for an empty list.</summary>
    public string? Value { get; set; }

    /// <summary>The environment variable that gave the value; null: the file did.</summary>
    public string? Variable { get; set; }

    /// <summary>What stands in it, in the order of the file, list positions by number.</summary>
    public IReadOnlyList<ConfigurationNode> Children => _children;

    /// <summary>Whether it holds something at numbered positions only.</summary>
    public bool IsList => _children.Count > 0 && _children.TrueForAll(child => IsPosition(child.Key));

    /// <summary>Whether it holds both numbered positions and keys, or a value and children: a mixture that JSON can't spell.</summary>
    public bool IsMixed =>
        _children.Count > 0 && (!string.IsNullOrEmpty(Value) || (_children.Exists(child => IsPosition(child.Key)) && !IsList));

    /// <summary>Whether nothing stands here: JSON's null or {}.</summary>
    public bool IsNothing => Value is null && _children.Count == 0;

    /// <summary>The JSON path, with the environment variable that it came from: <c>esl_config[1].ESL_PORT</c>.</summary>
    public string Path => Variable is null ? JsonPath : $"{JsonPath} (environment variable {Variable})";

    /// <summary>The JSON path alone; empty for the whole configuration.</summary>
    public string JsonPath
    {
        get
        {
            if (Parent is null)
            {
                return "";
            }

            string above = Parent.JsonPath;
            if (IsPosition(Key) && above.Length > 0)
            {
                return $"{above}[{Key}]";
            }

            return above.Length == 0 ? DisplayText.Key(Key) : $"{above}.{DisplayText.Key(Key)}";
        }
    }

    /// <summary>An empty configuration.</summary>
    public static ConfigurationNode CreateRoot() => new(null, "");

    /// <summary>Whether a key is a list's position.</summary>
    public static bool IsPosition(string key) =>
        key.Length is > 0 and < 10
        && (key[0] != '0' || key.Length == 1)
        && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>What stands under a key; null: nothing.</summary>
    public ConfigurationNode? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>What stands under a key, made if it isn't there.</summary>
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
