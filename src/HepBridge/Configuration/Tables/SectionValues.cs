namespace HepBridge.Configuration.Tables;

/// <summary>What a user wrote in one object of a section, made and checked key by key.</summary>
internal sealed class SectionValues(ConfigurationNode? node, string path)
{
    private readonly Dictionary<Key, object?> _values = [];

    /// <summary>The object; null: the section isn't there.</summary>
    public ConfigurationNode? Node => node;

    /// <summary>Its JSON path.</summary>
    public string Path => path;

    /// <summary>The place of a key in messages.</summary>
    public string PathOf(Key key) => node?.Find(key.Name)?.Path ?? (path.Length == 0 ? key.Name : $"{path}.{key.Name}");

    /// <summary>Whether the user wrote a good value of the key.</summary>
    public bool Has(Key key) => _values.ContainsKey(key);

    /// <summary>Whether the user wrote the key, be it good or wrong.</summary>
    public bool Mentions(Key key) => node?.Find(key.Name) is { IsNothing: false };

    /// <summary>The key's value, else its default.</summary>
    public T Get<T>(Key<T> key) => Get(key, this);

    /// <summary>The key's value in the first of several objects that has it, else its default.</summary>
    public static T Get<T>(Key<T> key, params ReadOnlySpan<SectionValues> layers)
    {
        foreach (SectionValues layer in layers)
        {
            if (layer._values.TryGetValue(key, out object? value))
            {
                return (T)value!;
            }
        }

        return key.Default;
    }

    public void Set(Key key, object? value) => _values[key] = value;
}
