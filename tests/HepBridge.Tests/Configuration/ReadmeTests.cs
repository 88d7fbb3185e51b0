using HepBridge.Configuration.Tables;
using HepBridge.Hosting;

namespace HepBridge.Tests.Configuration;

public class ReadmeTests
{
    private const string Begin = "<!-- config table -->\n";
    private const string End = "<!-- /config table -->";

    /// <summary>With this variable set, the test writes the table in place of comparing it.</summary>
    private const string UpdateVariable = "HEPBRIDGE_UPDATE_README";

    [Fact]
    public void The_readme_shows_the_table_of_keys()
    {
        string path = Path.Combine(Repository.Root, "README.md");
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"README.md has no {Begin.Trim()} … {End}.");
        begin += Begin.Length;
        string expected = "\n" + MarkdownTable.Render(InputKinds.BuiltIn.Sections);
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null)
        {
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
            return;
        }

        Assert.True(text[begin..end] == expected, $"README.md's table of keys is old: run this test once with {UpdateVariable}=1.\n{MarkdownTable.Render(InputKinds.BuiltIn.Sections)}");
    }

    [Fact]
    public void The_table_has_a_row_for_every_key_and_every_row_has_a_meaning()
    {
        string table = MarkdownTable.Render(InputKinds.BuiltIn.Sections);
        Assert.All(InputKinds.BuiltIn.Sections.All.SelectMany(section => section.Keys).Distinct(), key =>
        {
            Assert.Contains($"\n| `{key.Name}` | ", table, StringComparison.Ordinal);
            Assert.EndsWith(".", key.Doc, StringComparison.Ordinal);
        });
    }
}
