using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>A key with one value.</summary>
/// <param name="name">As users write it.</param>
/// <param name="kind">Parses the value.</param>
/// <param name="defaultText">The default as a user would write it; null if the key is optional.</param>
/// <param name="doc">Its meaning.</param>
internal sealed class ValueKey<T>(string name, ValueParser<T> kind, string? defaultText, string doc) : Key<T>(name, doc)
{
    public ValueParser<T> Kind { get; } = kind;

    public override T Default { get; } = defaultText is null ? default! : Make(name, kind, defaultText);

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

    private static T Make(string name, ValueParser<T> kind, string text) =>
        kind.TryMake(text, out T? value) ? value : throw new InvalidOperationException($"The default of {name} is not {kind.Noun}.");
}
