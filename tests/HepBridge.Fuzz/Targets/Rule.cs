using System.Runtime.CompilerServices;

namespace HepBridge.Fuzz.Targets;

/// <summary>A rule that must hold for every input does not; the message says which.</summary>
internal sealed class BrokenRuleException(string message) : Exception(message);

/// <summary>Asserts rules.</summary>
internal static class Rule
{
    public static void Holds(bool condition, [CallerArgumentExpression(nameof(condition))] string rule = "")
    {
        if (!condition)
        {
            throw new BrokenRuleException($"broken rule: {rule}");
        }
    }

    /// <summary>Asserts equal bytes; a failure's message contains both.</summary>
    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string rule)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new BrokenRuleException($"broken rule: {rule}: expected '{Show(expected)}', got '{Show(actual)}'");
        }
    }

    private static string Show(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)]);
}
