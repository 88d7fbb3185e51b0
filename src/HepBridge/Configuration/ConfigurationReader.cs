using HepBridge.Configuration.Tables;
using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration;

/// <summary>Reads and checks the whole configuration: a complete one comes out, or every error at once.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads the file at <paramref name="path"/> (null: the first that is found) and lays the environment over it. Never throws.</summary>
    public static ConfigurationResult Read(string? path, ConfigurationEnvironment environment, Sections sections)
    {
        Findings findings = new(environment, sections);
        if (ConfigurationFile.Find(path, findings) is not { } file || !ConfigurationFile.TryRead(file, findings, out ConfigurationNode? root))
        {
            return findings.Failed(path);
        }

        EnvironmentVariables.Lay(root, findings);
        AgentConfiguration configuration = Make(root, findings);
        return findings.Errors.Count > 0
            ? findings.Failed(file)
            : new ConfigurationResult { FilePath = file, Configuration = configuration, Errors = [], Warnings = findings.Warnings };
    }

    private static AgentConfiguration Make(ConfigurationNode root, Findings findings)
    {
        SectionValues agent = SectionReader.ReadRoot(root, findings.Sections.Root, findings);
        SectionValues reports = SectionReader.ReadObject(root, ReportsSection.Table, findings);
        IReadOnlyList<SectionValues> heps = SectionReader.ReadObjects(root, HepSection.Table, findings);
        (InputSection Section, IReadOnlyList<SectionValues> Objects)[] inputs =
            [.. findings.Sections.Inputs.Select(section => (section, SectionReader.ReadObjects(root, section.Table, findings)))];

        // Not by the first that has one only: a wrong key is an error in each object.
        string?[] hepPasses = [.. heps.Select(values => HepPass(values, findings))];
        ReportOptions ReportsOf(SectionValues input) =>
            ReportsSection.MakeReports(input, reports, heps, HepPass(input, findings) ?? hepPasses.FirstOrDefault(pass => pass is not null));

        (string? metricsListen, IReadOnlyList<string> metricsHosts) = MetricsSection.Make(root, findings);
        (string? webListen, string? webToken, IReadOnlyList<string> webHosts) = WebSection.Make(root, findings);
        AgentConfiguration configuration = new()
        {
            Outputs = [.. heps.Select(values => HepSection.Make(values, findings))],
            Inputs = [.. inputs.SelectMany(input => input.Objects.Select(values => input.Section.Make(values, ReportsOf(values), findings)))],
            Calls = ReportsSection.MakeCalls(reports),
            LogLevel = LevelOf(agent, [.. heps, .. inputs.SelectMany(input => input.Objects)]),
            StatisticsInterval = agent.Get(AgentSection.StatisticsInterval),
            ShutdownTimeout = agent.Get(AgentSection.ShutdownTimeout),
            MetricsListen = metricsListen,
            MetricsAllowedHosts = metricsHosts,
            WebListen = webListen,
            WebToken = webToken,
            WebAllowedHosts = webHosts,
        };

        WholeCheck.Check(root, configuration, heps, [.. inputs.SelectMany(input => input.Objects)], findings);
        return configuration;
    }

    private static string? HepPass(SectionValues values, Findings findings) =>
        Secrets.Read(values, IdentityKeys.HepPass, IdentityKeys.HepPassFile, findings);

    private static LogLevel LevelOf(SectionValues agent, IEnumerable<SectionValues> sections)
    {
        LogLevel level = agent.Get(AgentSection.LogLevel);
        return level > LogLevel.Debug && sections.Any(values => values.Get(DebugKey.Debug)) ? LogLevel.Debug : level;
    }
}
