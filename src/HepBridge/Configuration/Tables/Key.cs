using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>One key of a section: its row in the table behind the reader, its messages, docs/configuration.md and the tests.</summary>
internal abstract class Key(string name, string doc)
{
    /// <summary>As users write it; matched without case.</summary>
    public string Name { get; } = name;

    /// <summary>What it means, in one sentence or two (Markdown).</summary>
    public string Doc { get; } = doc;

    /// <summary>Whether its text must never be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The default as docs/configuration.md shows it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Makes the key's value of what the user wrote; false when it is wrong, with every reason in <paramref name="diagnostics"/>.</summary>
    public abstract bool TryRead(ConfigurationNode node, ConfigurationDiagnostics diagnostics, out object? value);

    /// <summary>Reads one text as one value of the key.</summary>
    protected bool TryMake<T>(ValueParser<T> kind, ConfigurationNode node, ConfigurationDiagnostics diagnostics, out T? value)
    {
        value = default;
        if (node.Children.Count > 0)
        {
            diagnostics.Error(node.Path, $"it must be one value, not {(node.IsList ? "a list" : "an object")}", kind.Advice);
            return false;
        }

        if (kind.TryMake(node.Value ?? "", out value))
        {
            return true;
        }

        string shown = IsSecret ? "the value (not shown here)" : node.Value is null ? "nothing" : DisplayText.Value(node.Value);
        diagnostics.Error(node.Path, $"{shown} is not {kind.Noun}", kind.Advice);
        return false;
    }
}

/// <summary>A key whose values are of one type.</summary>
internal abstract class Key<T>(string name, string doc) : Key(name, doc)
{
    /// <summary>What holds where the key isn't written.</summary>
    public abstract T Default { get; }
}
