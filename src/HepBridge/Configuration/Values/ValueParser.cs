using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Configuration.Values;

/// <summary>Parses a user's text; false if it is invalid.</summary>
internal delegate bool TryMake<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>A kind of value: how to parse it, and how to describe it.</summary>
/// <param name="Noun">For messages: "a port".</param>
/// <param name="Advice">What to write: "write a whole number from 1 to 65535".</param>
/// <param name="TryMake">Parses the value.</param>
internal sealed record ValueParser<T>(string Noun, string Advice, TryMake<T> TryMake)
{
    /// <summary>Parses a built-in default.</summary>
    public T Make(string text) => TryMake(text, out T? value) ? value : throw new InvalidOperationException($"The default {text} is not {Noun}.");
}

/// <summary>Kinds of values that are one of a few words, ignoring case.</summary>
internal static class EnumValues
{
    /// <summary>true or false, as JSON literals or as text.</summary>
    public static ValueParser<bool> Flag { get; } = Of("true or false", ("true", true), ("false", false));

    public static ValueParser<T> Of<T>(string noun, params (string Word, T Value)[] choices)
    {
        string words = string.Join(", ", choices.Select(choice => choice.Word));
        return new ValueParser<T>(noun, $"write one of: {words}", (string text, [MaybeNullWhen(false)] out T value) =>
        {
            int index = Array.FindIndex(choices, choice => choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = index < 0 ? default : choices[index].Value;
            return index >= 0;
        });
    }
}
