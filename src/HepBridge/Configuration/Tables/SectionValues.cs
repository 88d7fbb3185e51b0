namespace HepBridge.Configuration.Tables;

/// <summary>The values of one object of a section, parsed and validated key by key.</summary>
internal sealed class SectionValues(ConfigurationNode? node, string path)
{
    private readonly Dictionary<Key, object?> _values = [];

    /// <summary>The object; null if the section is missing.</summary>
    public ConfigurationNode? Node => node;

    public string Path => path;

    /// <summary>A key's path for messages.</summary>
    public string PathOf(Key key) => node?.Find(key.Name)?.Path ?? (path.Length == 0 ? key.Name : $"{path}.{key.Name}");

    /// <summary>Whether the user set the key to a valid value.</summary>
    public bool Has(Key key) => _values.ContainsKey(key);

    /// <summary>Whether the user set the key, valid or not.</summary>
    public bool Mentions(Key key) => node?.Find(key.Name) is { IsNothing: false };

    /// <summary>The key's value or default.</summary>
    public T Get<T>(Key<T> key) => Get(key, key.Default, this);

    /// <summary>The key's value in the first of several objects that has it, or its default.</summary>
    public static T Get<T>(Key<T> key, params ReadOnlySpan<SectionValues> layers) => Get(key, key.Default, layers);

    /// <summary>The key's value in the first of several objects that has it, or another default.</summary>
    public static T Get<T>(Key<T> key, T otherwise, params ReadOnlySpan<SectionValues> layers)
    {
        foreach (SectionValues layer in layers)
        {
            if (layer._values.TryGetValue(key, out object? value))
            {
                return (T)value!;
            }
        }

        return otherwise;
    }

    public void Set(Key key, object? value) => _values[key] = value;
}
