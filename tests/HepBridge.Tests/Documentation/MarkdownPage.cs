using System.Text.RegularExpressions;
using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Documentation;

/// <summary>One Markdown file of the repository: its links, headings and fenced code blocks.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] _foreignDirectories = ["bin", "obj", "artifacts", "TestResults", "node_modules"];

    private readonly string _prose;

    private MarkdownPage(string path)
    {
        Path = path;
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Blocks = [.. Fence().Matches(text).Select(match => new CodeBlock(this, match.Groups[1].Value, match.Groups[2].Value))];
        _prose = Fence().Replace(text, "\n");
    }

    public static IReadOnlyList<MarkdownPage> All { get; } = [.. Files(new DirectoryInfo(Repository.Root)).Order(StringComparer.Ordinal).Select(path => new MarkdownPage(path))];

    public string Path { get; }

    /// <summary>The path relative to the repository's root, with forward slashes.</summary>
    public string Name => System.IO.Path.GetRelativePath(Repository.Root, Path).Replace('\\', '/');

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>Targets of links and images as written, such as <c>outputs.md#tls</c>.</summary>
    public IEnumerable<string> Links => Link().Matches(_prose).Select(match => match.Groups[1].Value);

    /// <summary>The commands in the text: code that starts with <c>hepbridge</c>.</summary>
    public IEnumerable<string> Commands => InlineCommand().Matches(_prose).Select(match => match.Groups[1].Value);

    /// <summary>The anchors that GitHub creates for the headings.</summary>
    public IReadOnlySet<string> Anchors => Heading().Matches(_prose)
        .Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);

    public static MarkdownPage At(string path) => All.Single(page => page.Path == System.IO.Path.GetFullPath(path));

    public override string ToString() => Name;

    private static IEnumerable<string> Files(DirectoryInfo directory) => directory.EnumerateFiles("*.md").Select(file => file.FullName)
        .Concat(directory.EnumerateDirectories().Where(child => child.Name[0] != '.' && !_foreignDirectories.Contains(child.Name)).SelectMany(Files));

    [GeneratedRegex(@"^```(\S*)[^\n]*\n(.*?)^```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`hepbridge ([^`]*)`")]
    private static partial Regex InlineCommand();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}

/// <param name="Page">The page.</param>
/// <param name="Language">The word after the fence: json, sh, xml, …</param>
/// <param name="Text">Its lines.</param>
internal sealed record CodeBlock(MarkdownPage Page, string Language, string Text)
{
    public override string ToString() => $"{Page}: {Text.Split('\n')[0]}";
}
