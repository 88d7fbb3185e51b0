using System.Text;

namespace HepBridge.Configuration.Tables;

/// <summary>Writes the README's tables of keys.</summary>
internal static class MarkdownTable
{
    /// <summary>All keys by group as Markdown; lines end with \n, and so does the text.</summary>
    public static string Render()
    {
        StringBuilder markdown = new();
        foreach (KeyGroup group in Sections.Groups)
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
