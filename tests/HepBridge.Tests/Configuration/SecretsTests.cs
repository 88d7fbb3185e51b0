using System.Collections;
using System.Reflection;
using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

public class SecretsTests
{
    private const string Secret = "hunter2";

    private const string Json = """
        {
          "hep_config": { "HEP_PASS": "hunter2-hep" },
          "esl_config": { "ESL_PASS": "hunter2-esl" },
          "multicast_config": { "MULTICAST_PSK": "hunter2-psk" },
          "web": { "token": "hunter2-token" }
        }
        """;

    [Theory]
    [InlineData("""{ "hep_config": { "HEP_PASS": "hunter2\"" }, "esl_config": {} }""")]
    [InlineData("""{ "hep_config": { "HEP_PASS": ["hunter2"] }, "esl_config": {} }""")]
    [InlineData("""{ "hep_config": { "HEP_PASS": { "hunter": "hunter2" } }, "esl_config": {} }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASS": "hunter2\n" } }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASSWD": "hunter2" } }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASS": "hunter2", "ESL_PASS_FILE": "/there" } }""")]
    [InlineData("""{ "hep_config": {}, "multicast_config": { "MULTICAST_PSK": "hunter2 hunter2 hunter2 hunter2 hunter2 hunter2 hunter2 hunter2 hunter2 hunter2" } }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": {}, "web": { "token": "hunter2\u0000" } }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "HEP_PASS_FILE": "/secret" } }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASS": hunter2 } }""")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PASS": "hunter2 } }""")]
    public void No_error_shows_a_secret(string json)
    {
        string[] errors = Reading.Errors(json, files: new Dictionary<string, string> { ["/secret"] = "hunter2\\", ["/there"] = "hunter2" });
        Assert.DoesNotContain(Secret, string.Join('\n', errors), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Neither_warnings_nor_the_summary_nor_any_text_of_the_objects_shows_a_secret()
    {
        ConfigurationResult result = Reading.Of(Json);
        Assert.NotNull(result.Configuration);
        Assert.Equal("hunter2-esl", result.Configuration.EslInputs[0].Password);
        List<string> texts = [.. result.Lines(), .. ConfigurationSummary.Lines(result.Configuration)];
        Collect(result, texts, []);
        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\nmore\n", "s3cret")]
    [InlineData("\uFEFFs3cret\n", "s3cret")]
    [InlineData(" s3cret ", " s3cret ")]
    public void The_first_line_of_a_file_is_the_secret(string content, string expected)
    {
        Dictionary<string, string> files = new() { ["/esl"] = content, ["/hep"] = content };
        EslInputConfiguration input = Reading.Good("""{ "hep_config": { "HEP_PASS_FILE": "/hep" }, "esl_config": { "ESL_PASS_FILE": "/esl" } }""", files: files).EslInputs[0];
        Assert.Equal(expected, input.Password);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(input.Reports.AuthKey));
    }

    // What a log line or a debugger shows of an object; not its properties, which exist to be read.
    private static void Collect(object value, List<string> texts, HashSet<object> seen)
    {
        if (!seen.Add(value) || value is string || value.GetType().Namespace is null)
        {
            return;
        }

        texts.Add(value.ToString() ?? "");
        if (value is IEnumerable list)
        {
            foreach (object item in list)
            {
                Collect(item, texts, seen);
            }
        }
        else if (value.GetType().Namespace!.StartsWith("HepBridge", StringComparison.Ordinal))
        {
            foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetValue(value) is { } inner)
                {
                    Collect(inner, texts, seen);
                }
            }
        }
    }
}
