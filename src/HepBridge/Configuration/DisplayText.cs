using System.Text;

namespace HepBridge.Configuration;

/// <summary>Formats a user's text for messages: one line, limited length, no control characters.</summary>
internal static class DisplayText
{
    private const int MaxLength = 60;

    /// <summary>A value in quotes.</summary>
    public static string Value(string text) => $"\"{Line(text)}\"";

    /// <summary>A key as is; the empty key as <c>""</c>.</summary>
    public static string Key(string text) => text.Length == 0 ? "\"\"" : Line(text);

    private static string Line(string text)
    {
        StringBuilder shown = new(Math.Min(text.Length, MaxLength + 1));
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c);
        }

        return text.Length > MaxLength ? shown.Append('…').ToString() : shown.ToString();
    }
}
