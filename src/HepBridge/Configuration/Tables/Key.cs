using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>One key of a section: a row in the table that drives the reader, its messages, docs/configuration.md and the tests.</summary>
internal abstract class Key(string name, string doc)
{
    /// <summary>As users write it; case-insensitive.</summary>
    public string Name { get; } = name;

    /// <summary>Its meaning in one or two sentences (Markdown).</summary>
    public string Doc { get; } = doc;

    /// <summary>Whether its value must never be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The default as docs/configuration.md shows it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Parses what the user wrote; false, with all reasons in <paramref name="diagnostics"/>, if it is invalid.</summary>
    public abstract bool TryRead(ConfigurationNode node, ConfigurationDiagnostics diagnostics, out object? value);

    /// <summary>Parses a text as one value of the key.</summary>
    protected bool TryMake<T>(ValueParser<T> kind, ConfigurationNode node, ConfigurationDiagnostics diagnostics, out T? value)
    {
        value = default;
        if (node.Children.Count > 0)
        {
            diagnostics.Error(node.Path, $"expected a single value, not {(node.IsList ? "a list" : "an object")}", kind.Advice);
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

/// <summary>A key with values of one type.</summary>
internal abstract class Key<T>(string name, string doc) : Key(name, doc)
{
    public abstract T Default { get; }
}
