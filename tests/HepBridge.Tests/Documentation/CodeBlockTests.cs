using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HepBridge.Commands;
using HepBridge.Configuration;
using HepBridge.Hosting;
using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Documentation;

/// <summary>Every code block on every page is valid: configuration (jsonc), output (json), FreeSWITCH settings (xml) and commands (sh).</summary>
public partial class CodeBlockTests
{
    private static readonly JsonDocumentOptions _jsonc = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Fact]
    public void Configuration_is_valid_without_warnings() => Assert.All(Blocks("jsonc"), block =>
    {
        // A fragment, such as one section, is completed with the sections that it lacks.
        string text = block.Text.TrimStart().StartsWith('{') ? block.Text : $"{{ {block.Text} }}";
        JsonObject file = JsonNode.Parse(text, documentOptions: _jsonc)!.AsObject();
        file.TryAdd("hep_config", new JsonObject());
        if (!file.Any(section => section.Key.EndsWith("_config", StringComparison.OrdinalIgnoreCase) && section.Key != "hep_config"))
        {
            file.TryAdd("esl_config", new JsonObject());
        }

        ConfigurationResult result = ConfigurationReader.Read(Reading.Path, new ConfigurationEnvironment
        {
            Variables = new Dictionary<string, string>(),
            FileExists = _ => true,
            ReadFile = path => Encoding.UTF8.GetBytes(path == Reading.Path ? file.ToJsonString() : "secret\n"),
        }, InputKinds.BuiltIn.Sections);
        Assert.Empty(result.Lines());
    });

    [Fact]
    public void Output_is_json() => Assert.All(Blocks("json"), block => JsonDocument.Parse(block.Text).Dispose());

    [Fact]
    public void Homers_mapping_is_the_same_as_SQL_and_as_JSON()
    {
        string sql = Assert.Single(Blocks("sql")).Text;
        string added = sql[(sql.IndexOf('\'', StringComparison.Ordinal) + 1)..sql.IndexOf("'::jsonb", StringComparison.Ordinal)];
        string json = Assert.Single(Blocks("json"), block => block.Text.Contains("lookup_id", StringComparison.Ordinal)).Text;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, JsonDocument.Parse(added).RootElement));
    }

    [Fact]
    public void Settings_are_well_formed_xml() => Assert.All(Blocks("xml"), block => Assert.NotEmpty(XElement.Parse($"<all>{block.Text}</all>").Elements()));

    [Fact]
    public void Hepbridge_commands_are_valid()
    {
        RootCommand root = CommandLine.Create();
        string[] commands = [.. Blocks("sh").SelectMany(block => Command().Matches(block.Text).Select(match => match.Groups[1].Value.Trim()))];
        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Empty(root.Parse(command).Errors.Select(error => $"{command}: {error.Message}")));

        // Text may mention a command without its arguments.
        string[] mentioned = [.. MarkdownPage.All.SelectMany(page => page.Commands).Where(command => command != "COMMAND --help")];
        Assert.NotEmpty(mentioned);
        Assert.All(mentioned, command => Assert.DoesNotContain(root.Parse(command).Errors, error => !error.Message.StartsWith("Required argument missing", StringComparison.Ordinal)));
    }

    [Fact]
    public void Projects_and_scripts_in_commands_exist() => Assert.All(
        Blocks("sh").SelectMany(block => RepositoryPath().Matches(block.Text).Select(match => match.Value)),
        path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{path} does not exist."));

    [Fact]
    public void Every_block_has_a_language() => Assert.All(MarkdownPage.All.SelectMany(page => page.Blocks), block =>
        Assert.True(block.Language is "sh" or "xml" or "json" or "jsonc" or "ini" or "text" or "yaml" or "sql", $"{block}: '{block.Language}' is not a language that these tests know."));

    private static CodeBlock[] Blocks(string language) => [.. MarkdownPage.All.SelectMany(page => page.Blocks).Where(block => block.Language == language)];

    [GeneratedRegex(@"(?:^|&& |sudo )(?:hepbridge|dotnet run --project src/HepBridge -c Release --) ?([^#&\n]*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\b(src|tests|packaging|examples)/[A-Za-z0-9_./-]*[A-Za-z0-9]")]
    private static partial Regex RepositoryPath();
}
