using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Documentation;

public class LinkTests
{
    private const int MaxReadmeBytes = 9 * 1024;

    /// <summary>The files that the Debian package installs in its documentation directory.</summary>
    private static readonly string[] _installed = ["README.md", "docs/", "examples/"];

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_heading(string name)
    {
        MarkdownPage page = Page(name);
        Assert.All(page.Links.Where(IsLocal), link =>
        {
            string[] parts = link.Split('#', 2);
            string path = parts[0].Length == 0 ? page.Path : Target(page, parts[0]);
            Assert.True(Path.Exists(path), $"{page} links to {link}, which does not exist.");
            if (parts.Length == 2)
            {
                Assert.True(MarkdownPage.At(path).Anchors.Contains(parts[1]), $"{page} links to {link}, but that page has no such heading.");
            }
        });
    }

    [Fact]
    public void Installed_pages_link_only_to_installed_files() =>
        Assert.All(MarkdownPage.All.Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal) || page.Name.StartsWith("examples/", StringComparison.Ordinal)), page =>
            Assert.All(page.Links.Where(IsLocal).Select(link => link.Split('#')[0]).Where(link => link.Length > 0), link =>
            {
                string target = Path.GetRelativePath(Repository.Root, Target(page, link)).Replace('\\', '/');
                Assert.True(Array.Exists(_installed, place => (target + "/").StartsWith(place, StringComparison.Ordinal) || target == place), $"{page} links to {link}, which the package does not install.");
            }));

    [Fact]
    public void The_readme_links_to_every_page_of_docs()
    {
        string[] linked = [.. Page("README.md").Links];
        Assert.All(MarkdownPage.All.Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal)), page => Assert.Contains(page.Name, linked));
    }

    [Fact]
    public void The_readme_is_short() => Assert.InRange(new FileInfo(Path.Combine(Repository.Root, "README.md")).Length, 1, MaxReadmeBytes);

    private static MarkdownPage Page(string name) => MarkdownPage.At(Path.Combine(Repository.Root, name));

    private static bool IsLocal(string link) => !link.Contains("://", StringComparison.Ordinal);

    private static string Target(MarkdownPage page, string link) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, link));
}
