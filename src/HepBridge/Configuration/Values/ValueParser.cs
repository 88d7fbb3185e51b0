using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Configuration.Values;

/// <summary>Makes a value of a user's text; false: it is none.</summary>
internal delegate bool TryMake<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>What a key's text may be.</summary>
/// <param name="Noun">What it is, for messages: "a port".</param>
/// <param name="Advice">What to write: "write a whole number from 1 to 65535".</param>
/// <param name="TryMake">Makes the value.</param>
internal sealed record ValueParser<T>(string Noun, string Advice, TryMake<T> TryMake);
