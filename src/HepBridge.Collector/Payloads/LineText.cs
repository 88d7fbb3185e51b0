using System.Globalization;
using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>
/// A parsed log line: <c>head; detail; name=value name=value; …</c>. In values <c>\;</c>, <c>\=</c>, <c>\→</c>,
/// <c>\?</c>, <c>\\</c> and <c>\xHH</c> are escaped characters; any other backslash is literal.
/// </summary>
/// <param name="Head">The text before the first <c>; </c>, still escaped.</param>
/// <param name="Details">The parts other than fields.</param>
/// <param name="Fields">All fields in order.</param>
internal sealed record LineText(string Head, IReadOnlyList<string> Details, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private const string Separator = "; ";

    /// <summary>The value of the first field of this name; empty if there is none.</summary>
    public string this[string name] => Fields.FirstOrDefault(field => field.Key == name).Value ?? string.Empty;

    public static LineText Parse(string line)
    {
        string head = string.Empty;
        List<string> details = [];
        List<KeyValuePair<string, string>> fields = [];
        int start = 0;
        for (int number = 0; start <= line.Length; number++)
        {
            int end = Find(line, Separator, start);
            string part = end < 0 ? line[start..] : line[start..end];
            start = end < 0 ? line.Length + 1 : end + Separator.Length;
            if (number == 0)
            {
                head = part;
            }
            else if (FieldAt(part, 0) >= 0)
            {
                AddFields(part, fields);
            }
            else
            {
                details.Add(Unescape(part));
            }
        }

        return new LineText(head, details, fields);
    }

    /// <summary>Finds a text that is not escaped, starting at an index; -1 if there is none.</summary>
    public static int Find(string line, string text, int start)
    {
        for (int i = start; i < line.Length; i++)
        {
            int escape = EscapeLength(line, i);
            if (escape > 0)
            {
                i += escape - 1;
            }
            else if (string.CompareOrdinal(line, i, text, 0, text.Length) == 0)
            {
                return i;
            }
        }

        return -1;
    }

    public static string Unescape(string text)
    {
        int escape = text.IndexOf('\\', StringComparison.Ordinal);
        if (escape < 0)
        {
            return text;
        }

        StringBuilder plain = new(text, 0, escape, text.Length);
        for (int i = escape; i < text.Length; i++)
        {
            int length = EscapeLength(text, i);
            plain.Append(length == 4 ? (char)byte.Parse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : length == 2 ? text[i + 1] : text[i]);
            i += Math.Max(0, length - 1);
        }

        return plain.ToString();
    }

    private static void AddFields(string part, List<KeyValuePair<string, string>> fields)
    {
        int start = 0;
        while (start < part.Length)
        {
            int equals = FieldAt(part, start);
            int end = part.Length;

            // The value ends before the space preceding the next name.
            for (int i = equals + 1; i < part.Length; i++)
            {
                int escape = EscapeLength(part, i);
                if (escape > 0)
                {
                    i += escape - 1;
                }
                else if (part[i] == ' ' && FieldAt(part, i + 1) >= 0)
                {
                    end = i;
                    break;
                }
            }

            fields.Add(new KeyValuePair<string, string>(part[start..equals], Unescape(part[(equals + 1)..end])));
            start = end + 1;
        }
    }

    // The index of the equals sign if a field starts here, else -1.
    private static int FieldAt(string part, int start)
    {
        int i = start;
        while (i < part.Length && (char.IsAsciiLetterOrDigit(part[i]) || part[i] is '_' or '-' or '.' or ':'))
        {
            i++;
        }

        return i > start && i < part.Length && part[i] == '=' ? i : -1;
    }

    private static int EscapeLength(string text, int at)
    {
        if (text[at] != '\\' || at + 1 >= text.Length)
        {
            return 0;
        }

        return text[at + 1] switch
        {
            '\\' or ';' or '=' or '→' or '?' => 2,
            'x' when at + 3 < text.Length && char.IsAsciiHexDigitUpper(text[at + 2]) && char.IsAsciiHexDigitUpper(text[at + 3]) => 4,
            _ => 0,
        };
    }
}
