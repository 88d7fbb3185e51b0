using HepBridge.Configuration.Tables;
using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration;

/// <summary>Reads and validates the whole configuration: returns a complete one, or all errors at once.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads the file at <paramref name="path"/> (null for the default locations) and applies environment variables. Never throws.</summary>
    public static ConfigurationResult Read(string? path, ConfigurationEnvironment environment)
    {
        Findings findings = new(environment);
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
        SectionValues agent = SectionReader.ReadRoot(root, Sections.Root, findings);
        SectionValues reports = SectionReader.ReadObject(root, ReportsSection.Table, findings);
        IReadOnlyList<SectionValues> heps = SectionReader.ReadObjects(root, HepSection.Table, findings);
        IReadOnlyList<SectionValues> esls = SectionReader.ReadObjects(root, EslSection.Table, findings);
        IReadOnlyList<SectionValues> multicasts = SectionReader.ReadObjects(root, MulticastSection.Table, findings);

        // Read from every object, not only from the first that has one: a wrong key is an error in each.
        string?[] hepPasses = [.. heps.Select(values => HepPass(values, findings))];
        ReportOptions ReportsOf(SectionValues input) =>
            ReportsSection.MakeReports(input, reports, heps, HepPass(input, findings) ?? hepPasses.FirstOrDefault(pass => pass is not null));

        (string? metricsListen, IReadOnlyList<string> metricsHosts) = MetricsSection.Make(root, findings);
        (string? webListen, string? webToken, IReadOnlyList<string> webHosts) = WebSection.Make(root, findings);
        AgentConfiguration configuration = new()
        {
            Outputs = [.. heps.Select(values => HepSection.Make(values, findings))],
            EslInputs = [.. esls.Select(values => EslSection.Make(values, ReportsOf(values), findings))],
            MulticastInputs = [.. multicasts.Select(values => MulticastSection.Make(values, ReportsOf(values), findings))],
            Calls = ReportsSection.MakeCalls(reports),
            LogLevel = LevelOf(agent, [.. heps, .. esls, .. multicasts]),
            StatisticsInterval = agent.Get(AgentSection.StatisticsInterval),
            ShutdownTimeout = agent.Get(AgentSection.ShutdownTimeout),
            MetricsListen = metricsListen,
            MetricsAllowedHosts = metricsHosts,
            WebListen = webListen,
            WebToken = webToken,
            WebAllowedHosts = webHosts,
        };

        WholeCheck.Check(root, configuration, heps, esls, multicasts, findings);
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
