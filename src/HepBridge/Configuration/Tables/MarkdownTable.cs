using System.Text;

namespace HepBridge.Configuration.Tables;

/// <summary>Writes the README's tables of keys.</summary>
internal static class MarkdownTable
{
    private const string Intro = """
        Keys are found whatever their case; comments and trailing commas are fine, and numbers, `true` and `false` may stand in quotes.
        A duration is `"500ms"`, `"60s"`, `"5m"`, `"12h"` or `"1d"`, a bare number is seconds; a size is in octets, or `"64KB"`, `"16MB"`, `"1GB"`, with 1024 octets to the KB.
        An environment variable wins over the file: `HEPBRIDGE_esl_config__ESL_PASS`, or `HEPBRIDGE_esl_config__0__ESL_PASS` where the section is a list.


        """;

    /// <summary>All keys by group as Markdown; lines end with \n, and so does the text.</summary>
    public static string Render(Sections sections)
    {
        StringBuilder markdown = new(Intro);
        foreach (KeyGroup group in sections.Groups)
        {
            markdown.Append("#### ").Append(group.Title).Append("\n\n");
            if (group.Intro.Length > 0)
            {
                markdown.Append(group.Intro).Append("\n\n");
            }

            markdown.Append("| key | default | meaning |\n|---|---|---|\n");
            foreach (Key key in group.Keys)
            {
                string shownDefault = key.DefaultText.Length == 0 ? "" : $"`{key.DefaultText}`";
                markdown.Append("| `").Append(key.Name).Append("` | ").Append(Cell(shownDefault)).Append(" | ").Append(Cell(key.Doc));
                markdown.Append(key.IsSecret ? " A secret: never shown. |\n" : " |\n");
            }

            markdown.Append('\n');
        }

        return markdown.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
