using System.Text;
using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Tests.Configuration;

public class FileTests
{
    [Theory]
    [InlineData("", "the file is empty; start from the project's config.json.")]
    [InlineData(" \r\n\t ", "the file is empty; start from the project's config.json.")]
    [InlineData("{\n  \"hep_config\": {\n    \"é\": 1,,\n", "invalid JSON at line 3, column 12; check there and just before for a missing comma, quote or bracket.")]
    [InlineData("{", "invalid JSON at line 1, column 2; check there and just before for a missing comma, quote or bracket.")]
    [InlineData("// nothing", "invalid JSON at line 1, column 11; check there and just before for a missing comma, quote or bracket.")]
    [InlineData("[1]", "not a single JSON object; put everything between one { and }.")]
    [InlineData("\"x\"", "not a single JSON object; put everything between one { and }.")]
    [InlineData("{ \"hep_config\": { \"HEP_ID\": 1 }, \"esl_config\": {}, \"HEP_config\": { \"HEP_PORT\": 9060 } }", "duplicate key HEP_config (keys are case-insensitive); keep one of them.")]
    [InlineData("{ \"a:b\": 1, \"a\": { \"b\": 2 } }", "a key with ':' is the same as another key; write the key inside its object.")]
    [InlineData("{ \"esl_config\": { \"ESL_PASS\": \"a\", \"esl_pass\": \"b\" } }", "duplicate key esl_config.esl_pass (keys are case-insensitive); keep one of them.")]
    [InlineData("{ \"esl_config\": \"\\ud800\" }", "a string contains half of a \\u surrogate pair; write both halves, or the character itself.")]
    public void A_broken_file_gives_one_clear_sentence(string text, string expected) => Assert.Equal("config.json: " + expected, Reading.Error(text));

    [Fact]
    public void Broken_json_never_quotes_the_file() =>
        Assert.DoesNotContain("Secret", Reading.Error("{ \"esl_config\": { \"ESL_PASS\": tSecret } }"), StringComparison.Ordinal);

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_fine() =>
        Assert.Equal(9070, Reading.Good("\uFEFF/* one */ { \"hep_config\": { \"HEP_PORT\": \"9070\", }, // two\n \"esl_config\": { }, }").Outputs[0].Servers[0].Port);

    [Fact]
    public void A_named_file_that_is_missing_is_an_error()
    {
        ConfigurationResult result = ConfigurationReader.Read("/gone.json", Reading.Environment(Reading.Least), InputKinds.BuiltIn.Sections);
        Assert.Equal("/gone.json: no such file; check the path (the project's config.json is a starting point).", Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void A_directory_is_an_error()
    {
        ConfigurationEnvironment environment = new() { Variables = new Dictionary<string, string>() };
        string directory = Path.GetTempPath();
        Assert.Equal($"{directory}: it is a directory; specify a file that HepBridge's user can read.", Assert.Single(ConfigurationReader.Read(directory, environment, InputKinds.BuiltIn.Sections).Errors).ToString());
    }

    [Theory]
    [InlineData("/given", "/variable", "config.json /etc/hepbridge/config.json", "/given")]
    [InlineData(null, "/variable", "config.json /etc/hepbridge/config.json", "/variable")]
    [InlineData(null, null, "config.json /etc/hepbridge/config.json", "config.json")]
    [InlineData(null, null, "/etc/hepbridge/config.json", "/etc/hepbridge/config.json")]
    public void The_file_is_found_in_the_documented_order(string? given, string? variable, string existing, string expected)
    {
        ConfigurationEnvironment environment = new()
        {
            Variables = variable is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["HEPBRIDGE_CONFIG"] = variable },
            FileExists = existing.Split(' ').Contains,
            ReadFile = _ => Encoding.UTF8.GetBytes(Reading.Least),
        };
        ConfigurationResult result = ConfigurationReader.Read(given, environment, InputKinds.BuiltIn.Sections);
        Assert.Equal(expected, result.FilePath);
        Assert.NotNull(result.Configuration);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_missing_file_gives_one_sentence()
    {
        ConfigurationEnvironment environment = new() { Variables = new Dictionary<string, string>(), FileExists = _ => false };
        Assert.Equal(
            "config.json: no configuration file (looked for ./config.json and /etc/hepbridge/config.json); name one with --config FILE or HEPBRIDGE_CONFIG.",
            Assert.Single(ConfigurationReader.Read(null, environment, InputKinds.BuiltIn.Sections).Errors).ToString());
    }
}
