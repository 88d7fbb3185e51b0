using System.Buffers;
using System.Globalization;
using System.Text;

namespace HepBridge.Collector.Printing;

/// <summary>
/// Makes bytes from the network safe to print: shows characters that could move a terminal's cursor, change its state
/// or reverse the reading direction as escapes (\x1b, \u{202e}; invalid UTF-8 as \xff).
/// </summary>
internal static class VisibleText
{
    /// <summary>Appends one line: line breaks and tabs are escaped, too.</summary>
    public static void AppendLine(StringBuilder output, ReadOnlySpan<byte> utf8) => Append(output, utf8, indent: null);

    /// <summary>Appends one line of text that may contain a peer's bytes.</summary>
    public static void AppendLine(StringBuilder output, string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            Append(output, rune, keepsTabs: false);
        }
    }

    /// <summary>Makes one line of text safe that may contain a peer's bytes.</summary>
    public static string Line(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsSafe(rune))
            {
                StringBuilder visible = new(text.Length + 16);
                AppendLine(visible, text);
                return visible.ToString();
            }
        }

        return text;
    }

    /// <summary>Appends text of several lines, CR LF or LF, each after <paramref name="indent"/>.</summary>
    public static void AppendLines(StringBuilder output, ReadOnlySpan<byte> utf8, string indent)
    {
        output.Append(indent);
        Append(output, utf8.TrimEnd("\r\n"u8), indent);
    }

    /// <summary>Whether a character affects nothing but its own cell.</summary>
    public static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);

    private static void Append(StringBuilder output, ReadOnlySpan<byte> utf8, string? indent)
    {
        while (!utf8.IsEmpty)
        {
            if (indent is not null && (utf8[0] == '\n' || utf8 is [(byte)'\r', (byte)'\n', ..]))
            {
                output.Append('\n').Append(indent);
                utf8 = utf8[(utf8[0] == '\n' ? 1 : 2)..];
                continue;
            }

            OperationStatus status = Rune.DecodeFromUtf8(utf8, out Rune rune, out int length);
            if (status != OperationStatus.Done)
            {
                foreach (byte value in utf8[..length])
                {
                    output.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
                }
            }
            else
            {
                Append(output, rune, keepsTabs: indent is not null);
            }

            utf8 = utf8[length..];
        }
    }

    private static void Append(StringBuilder output, Rune rune, bool keepsTabs)
    {
        if (IsSafe(rune) || (keepsTabs && rune.Value == '\t'))
        {
            output.Append(rune);
        }
        else if (rune.IsAscii)
        {
            output.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        }
        else
        {
            output.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
    }
}
