using System.Globalization;
using HepBridge.Collector.Printing;

namespace HepBridge.Commands.Demo;

/// <summary>A text table with aligned columns; numbers are right-aligned.</summary>
internal sealed class TextTable(params string[] titles)
{
    private const string Gap = "  ";
    private readonly List<object?[]> _rows = [];

    /// <summary>Adds a row of texts, numbers, or null for an empty cell.</summary>
    public void Add(params object?[] cells) => _rows.Add(cells);

    public void Write(TextWriter output, string indent)
    {
        bool[] isNumber = [.. titles.Select((_, i) => _rows.Any(row => row[i] is long or int or double))];
        int[] widths = [.. titles.Select((title, i) => _rows.Select(row => TextOf(row[i]).Length).Append(title.Length).Max())];
        WriteRow(titles);
        WriteRow([.. widths.Select(static width => new string('─', width))]);
        foreach (object?[] row in _rows)
        {
            WriteRow(row);
        }

        void WriteRow(object?[] cells)
        {
            IEnumerable<string> texts = cells.Select((cell, i) => isNumber[i] ? TextOf(cell).PadLeft(widths[i]) : TextOf(cell).PadRight(widths[i]));
            output.WriteLine((indent + string.Join(Gap, texts)).TrimEnd());
        }
    }

    /// <summary>Shortens a text in the middle, because both ends of a Call-ID identify it.</summary>
    public static string Shorten(string text, int length) =>
        text.Length <= length ? text : $"{text[..(length / 2)]}…{text[^(length - (length / 2) - 1)..]}";

    private static string TextOf(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => VisibleText.Line(Convert.ToString(cell, CultureInfo.InvariantCulture)!),
    };
}
