using System.Text;

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

    /// <summary>
    /// Reads a secret from its key, or from the first line of the file that the other key names; null if neither is set.
    /// Setting both is an error.
    /// </summary>
    public string? GetSecret(ValueKey<string?> key, ValueKey<string?> fileKey, ConfigurationDiagnostics diagnostics)
    {
        if (Mentions(key) && Mentions(fileKey))
        {
            diagnostics.Error(PathOf(fileKey), $"{key.Name} is set, too", "keep one of them");
            return null;
        }

        return Get(fileKey) is { } file ? ReadFile(file, PathOf(fileKey), key, diagnostics) : Has(key) ? Get(key) : null;
    }

    private static string? ReadFile(string file, string path, ValueKey<string?> key, ConfigurationDiagnostics diagnostics)
    {
        byte[] content;
        try
        {
            content = diagnostics.Environment.ReadFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = exception is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read";
            diagnostics.Error(path, $"the file {DisplayText.Value(file)} {why}", "specify a file that HepBridge's user can read");
            return null;
        }

        using StreamReader reader = new(new MemoryStream(content, writable: false), Encoding.UTF8);
        string line = reader.ReadLine() ?? "";
        if (line.Length > 0 && key.Kind.TryMake(line, out string? secret))
        {
            return secret;
        }

        string what = line.Length == 0 ? "is empty" : $"is not {key.Kind.Noun}";
        diagnostics.Error(path, $"the first line of {DisplayText.Value(file)} {what}", key.Kind.Advice);
        return null;
    }
}
