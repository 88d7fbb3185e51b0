using System.Text;
using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Tests.Configuration;

/// <summary>Reads configurations from text, with a test's own variables and files.</summary>
internal static class Reading
{
    public const string Path = "config.json";

    /// <summary>The smallest valid configuration; further sections go before the closing brace.</summary>
    public const string Least = """{ "hep_config": {}, "esl_config": {} }""";

    public static ConfigurationEnvironment Environment(
        string json, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null) => new()
        {
            Variables = variables ?? new Dictionary<string, string>(),
            FileExists = path => path == Path || (files?.ContainsKey(path) ?? false),
            ReadFile = path =>
                path == Path ? Encoding.UTF8.GetBytes(json)
                : files is not null && files.TryGetValue(path, out string? text) ? Encoding.UTF8.GetBytes(text)
                : throw new FileNotFoundException(),
        };

    public static ConfigurationResult Of(
        string json, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null, InputKinds? kinds = null) =>
        ConfigurationReader.Read(Path, Environment(json, variables, files), (kinds ?? InputKinds.BuiltIn).Sections);

    public static AgentConfiguration Good(string json, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null)
    {
        ConfigurationResult result = Of(json, variables, files);
        Assert.Empty(result.Errors);
        Assert.NotNull(result.Configuration);
        return result.Configuration;
    }

    /// <summary>The errors, one text each; asserts that there is no configuration.</summary>
    public static string[] Errors(string json, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null)
    {
        ConfigurationResult result = Of(json, variables, files);
        Assert.Null(result.Configuration);
        return [.. result.Errors.Select(error => error.ToString())];
    }

    /// <summary>The only error.</summary>
    public static string Error(string json, IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null) =>
        Assert.Single(Errors(json, variables, files));

    public static string[] Warnings(string json, IReadOnlyDictionary<string, string>? variables = null) =>
        [.. Of(json, variables).Warnings.Select(warning => warning.ToString())];
}
