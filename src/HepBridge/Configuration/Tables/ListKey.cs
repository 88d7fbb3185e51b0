using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>A key with one value or a list.</summary>
/// <param name="name">As users write it.</param>
/// <param name="kind">Parses one value.</param>
/// <param name="defaults">The default values as a user would write them.</param>
/// <param name="doc">Its meaning.</param>
internal sealed class ListKey<T>(string name, ValueParser<T> kind, string[] defaults, string doc) : Key<IReadOnlyList<T>>(name, doc)
{
    /// <summary>Whether an empty list is an error.</summary>
    public bool IsRequired { get; init; }

    public override IReadOnlyList<T> Default { get; } =
        [.. defaults.Select(text => kind.TryMake(text, out T? value) ? value : throw new InvalidOperationException($"A default of {name} is not {kind.Noun}."))];

    public override string DefaultText => defaults is [string single] ? single : $"[{string.Join(", ", defaults.Select(text => $"\"{text}\""))}]";

    public override bool TryRead(ConfigurationNode node, ConfigurationDiagnostics diagnostics, out object? value)
    {
        List<T> values = [];
        bool isGood = true;

        // The JSON provider represents an empty list as an empty text.
        IReadOnlyList<ConfigurationNode> items = node.IsList ? node.Children : string.IsNullOrEmpty(node.Value) && node.Children.Count == 0 ? [] : [node];
        foreach (ConfigurationNode item in items)
        {
            if (TryMake(kind, item, diagnostics, out T? one))
            {
                values.Add(one!);
            }
            else
            {
                isGood = false;
            }
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
