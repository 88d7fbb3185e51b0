using System.Text;
using HepBridge.Configuration.Tables;

namespace HepBridge.Tests.Documentation;

/// <summary>Renders the tables of keys in docs/configuration.md.</summary>
internal static class KeyTable
{
    private const string Intro = """
        Keys are case-insensitive. Comments and trailing commas are allowed; numbers, `true` and `false` may be quoted.
        Durations are written `"500ms"`, `"60s"`, `"5m"`, `"12h"` or `"1d"`; a bare number means seconds. Sizes are in bytes, or `"64KB"`, `"16MB"`, `"1GB"` (1 KB = 1024 bytes).
        Environment variables override the file: `HEPBRIDGE_esl_config__ESL_PASS`, or `HEPBRIDGE_esl_config__0__ESL_PASS` where the section is a list.


        """;

    /// <summary>All keys by group, as Markdown with \n line endings.</summary>
    public static string Render(Sections sections)
    {
        StringBuilder markdown = new(Intro);
        foreach (KeyGroup group in sections.Groups)
        {
            markdown.Append("## ").Append(group.Title).Append("\n\n");
            if (group.Intro.Length > 0)
            {
                markdown.Append(group.Intro).Append("\n\n");
            }

            markdown.Append("| key | default | meaning |\n|---|---|---|\n");
            foreach (Key key in group.Keys)
            {
                string shownDefault = key.DefaultText.Length == 0 ? "" : $"`{key.DefaultText}`";
                markdown.Append("| `").Append(key.Name).Append("` | ").Append(Cell(shownDefault)).Append(" | ").Append(Cell(key.Doc));
                markdown.Append(key.IsSecret ? " Secret: never shown or logged. |\n" : " |\n");
            }

            markdown.Append('\n');
        }

        return markdown.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
