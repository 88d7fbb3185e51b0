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

/// <summary>A key with one value. Its default is as a user would write it; null if the key is optional.</summary>
internal sealed class ValueKey<T>(string name, ValueParser<T> kind, string? defaultText, string doc) : Key<T>(name, doc)
{
    public ValueParser<T> Kind { get; } = kind;
    public override T Default { get; } = defaultText is null ? default! : kind.Make(defaultText);

    /// <summary>Checks a valid value against this machine: what is wrong and how to fix it; null if fine.</summary>
    public Func<T, ConfigurationEnvironment, (string What, string Advice)?>? Check { get; init; }

    public override string DefaultText => defaultText ?? "";

    public override bool TryRead(ConfigurationNode node, ConfigurationDiagnostics diagnostics, out object? value)
    {
        bool isGood = TryMake(Kind, node, diagnostics, out T? made);
        value = made;
        if (isGood && Check?.Invoke(made!, diagnostics.Environment) is (string what, string advice))
        {
            diagnostics.Error(node.Path, what, advice);
            return false;
        }

        return isGood;
    }
}

/// <summary>A key with one value or a list. Its default values are as a user would write them.</summary>
internal sealed class ListKey<T>(string name, ValueParser<T> kind, string[] defaults, string doc) : Key<IReadOnlyList<T>>(name, doc)
{
    /// <summary>Whether an empty list is an error.</summary>
    public bool IsRequired { get; init; }

    public override IReadOnlyList<T> Default { get; } = [.. defaults.Select(kind.Make)];

    public override string DefaultText => defaults is [string single] ? single : $"[{string.Join(", ", defaults.Select(text => $"\"{text}\""))}]";

    public override bool TryRead(ConfigurationNode node, ConfigurationDiagnostics diagnostics, out object? value)
    {
        List<T> values = [];
        bool isGood = true;

        // The JSON provider represents an empty list as an empty text.
        IReadOnlyList<ConfigurationNode> items = node.IsList ? node.Children : string.IsNullOrEmpty(node.Value) && node.Children.Count == 0 ? [] : [node];
        foreach (ConfigurationNode item in items)
        {
            isGood &= TryMake(kind, item, diagnostics, out T? one);
            values.Add(one!);
        }

        if (items.Count == 0 && IsRequired)
        {
            diagnostics.Error(node.Path, "the list is empty", kind.Advice);
            isGood = false;
        }

        value = values;
        return isGood;
    }
}
