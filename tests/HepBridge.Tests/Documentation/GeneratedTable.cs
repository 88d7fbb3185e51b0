using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Documentation;

/// <summary>A generated part of a page in docs/, between the comments <c>NAME table</c> and <c>/NAME table</c>.</summary>
internal static class GeneratedTable
{
    /// <summary>If this variable is set, the tests write the tables instead of comparing them.</summary>
    private const string UpdateVariable = "HEPBRIDGE_UPDATE_DOCS";

    public static void Check(string page, string name, string rendered)
    {
        string path = Path.Combine(Repository.Root, "docs", page);
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        string opening = $"<!-- {name} table -->\n";
        string closing = $"<!-- /{name} table -->";
        int begin = text.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        int end = text.IndexOf(closing, StringComparison.Ordinal);
        Assert.True(begin >= opening.Length && end >= begin, $"docs/{page} lacks the comments {opening.Trim()} and {closing}.");
        string expected = $"\n{rendered}\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null)
        {
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
            return;
        }

        Assert.True(text[begin..end] == expected, $"docs/{page} is out of date: run this test once with {UpdateVariable}=1.\n{expected}");
    }
}
