using HepBridge.Hosting;

namespace HepBridge.Tests.Documentation;

public class ConfigurationPageTests
{
    [Fact]
    public void The_page_shows_the_current_tables_of_keys() => GeneratedTable.Check("configuration.md", "config", KeyTable.Render(InputKinds.BuiltIn.Sections));

    [Fact]
    public void Every_key_has_a_row_with_a_sentence()
    {
        string table = KeyTable.Render(InputKinds.BuiltIn.Sections);
        Assert.All(InputKinds.BuiltIn.Sections.All.SelectMany(section => section.Keys).Distinct(), key =>
        {
            Assert.Contains($"\n| `{key.Name}` | ", table, StringComparison.Ordinal);
            Assert.EndsWith(".", key.Doc, StringComparison.Ordinal);
        });
    }
}
