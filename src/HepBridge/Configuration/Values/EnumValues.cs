using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Configuration.Values;

/// <summary>Kinds of values that are one of a few words, ignoring case.</summary>
internal static class EnumValues
{
    /// <summary>true or false, as JSON literals or as text.</summary>
    public static ValueParser<bool> Flag { get; } = Of("true or false", ("true", true), ("false", false));

    /// <summary>One of the named values.</summary>
    public static ValueParser<T> Of<T>(string noun, params (string Word, T Value)[] choices)
    {
        string words = string.Join(", ", choices.Select(choice => choice.Word));
        return new ValueParser<T>(noun, $"write one of: {words}", (string text, [MaybeNullWhen(false)] out T value) =>
        {
            foreach ((string word, T named) in choices)
            {
                if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                {
                    value = named;
                    return true;
                }
            }

            value = default;
            return false;
        });
    }
}
