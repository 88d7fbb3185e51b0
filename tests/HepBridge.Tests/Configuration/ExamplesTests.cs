using System.Text;
using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Tests.Configuration;

public class ExamplesTests
{
    public static TheoryData<string> Files =>
    [
        "config.json",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "examples"), "config*.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_shipped_configuration_is_valid_without_warnings(string file)
    {
        ConfigurationResult result = Read(file);
        Assert.Empty(result.Lines());
        Assert.NotNull(result.Configuration);
        Assert.NotEmpty(ConfigurationSummary.Lines(result.Configuration));
    }

    [Fact]
    public void The_shipped_file_has_the_documented_defaults_and_homer7()
    {
        AgentConfiguration shipped = Read("config.json").Configuration!;
        AgentConfiguration bare = Reading.Good("""{ "hep_config": {}, "esl_config": {}, "reports": { "flavour": "homer7" } }""");
        Assert.Equal(ConfigurationSummary.Lines(bare), ConfigurationSummary.Lines(shipped));
        Assert.Equal(bare.EslInputs[0].Password, shipped.EslInputs[0].Password);
        Assert.Equal(bare.StatisticsInterval, shipped.StatisticsInterval);
        Assert.Equal(bare.LogLevel, shipped.LogLevel);
    }

    // The examples refer to files on a user's machine: passwords and certificates.
    private static ConfigurationResult Read(string file) => ConfigurationReader.Read(
        Path.Combine(Repository.Root, file),
        new ConfigurationEnvironment
        {
            Variables = new Dictionary<string, string>(),
            FileExists = _ => true,
            ReadFile = path => path.EndsWith(".json", StringComparison.Ordinal) ? File.ReadAllBytes(path) : Encoding.UTF8.GetBytes("secret\n"),
        },
        InputKinds.BuiltIn.Sections);
}
