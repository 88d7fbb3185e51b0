using System.Diagnostics.CodeAnalysis;

namespace HepBridge.Configuration.Values;

/// <summary>Parses a user's text; false if it is invalid.</summary>
internal delegate bool TryMake<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>A kind of value: how to parse it, and how to describe it.</summary>
/// <param name="Noun">For messages: "a port".</param>
/// <param name="Advice">What to write: "write a whole number from 1 to 65535".</param>
/// <param name="TryMake">Parses the value.</param>
internal sealed record ValueParser<T>(string Noun, string Advice, TryMake<T> TryMake);
