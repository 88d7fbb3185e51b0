using HepBridge.Configuration.Tables;
using Microsoft.Extensions.Logging;

namespace HepBridge.Configuration;

/// <summary>Reads and validates the whole configuration: returns a complete one, or all errors at once.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads the file at <paramref name="path"/> (null for the default locations) and applies environment variables. Never throws.</summary>
    public static ConfigurationResult Read(string? path, ConfigurationEnvironment environment, Sections sections)
    {
        ConfigurationDiagnostics diagnostics = new(environment, sections);
        if (ConfigurationFile.Find(path, diagnostics) is not { } file || !ConfigurationFile.TryRead(file, diagnostics, out ConfigurationNode? root))
        {
            return diagnostics.Failed(path);
        }

        root = FlatLayout.Convert(root, diagnostics);
        EnvironmentVariables.Overlay(root, diagnostics);
        AgentConfiguration configuration = Make(root, diagnostics);
        return diagnostics.Errors.Count > 0
            ? diagnostics.Failed(file)
            : new ConfigurationResult { FilePath = file, Configuration = configuration, Errors = [], Warnings = diagnostics.Warnings };
    }

    private static AgentConfiguration Make(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        SectionValues agent = SectionReader.ReadRoot(root, diagnostics.Sections.Root, diagnostics);
        SectionValues reports = SectionReader.ReadObject(root, ReportsSection.Table, diagnostics);
        IReadOnlyList<SectionValues> heps = SectionReader.ReadObjects(root, HepSection.Table, diagnostics);
        (InputSection Section, IReadOnlyList<SectionValues> Objects)[] inputs =
            [.. diagnostics.Sections.Inputs.Select(section => (section, SectionReader.ReadObjects(root, section.Table, diagnostics)))];

        // Read from every object, not just the first that has one, so that a wrong key is an error in each.
        string?[] hepPasses = [.. heps.Select(values => HepPass(values, diagnostics))];
        ReportOptions ReportsOf(SectionValues input) =>
            ReportsSection.MakeReports(input, reports, heps, HepPass(input, diagnostics), hepPasses.FirstOrDefault(pass => pass is not null));

        (string? metricsListen, IReadOnlyList<string> metricsHosts) = MetricsSection.Make(root, diagnostics);
        (string? webListen, string? webToken, IReadOnlyList<string> webHosts) = WebSection.Make(root, diagnostics);
        AgentConfiguration configuration = new()
        {
            Outputs = [.. heps.Select(values => HepSection.Make(values, diagnostics))],
            Inputs = [.. inputs.SelectMany(input => input.Objects.Select(values => input.Section.Make(values, ReportsOf(values), diagnostics)))],
            Calls = ReportsSection.MakeCalls(reports),
            Mask = ReportsSection.MakeMask(reports),
            LogLevel = LevelOf(agent, [.. heps, .. inputs.SelectMany(input => input.Objects)]),
            StatisticsInterval = agent.Get(AgentSection.StatisticsInterval),
            ShutdownTimeout = agent.Get(AgentSection.ShutdownTimeout),
            MetricsListen = metricsListen,
            MetricsAllowedHosts = metricsHosts,
            WebListen = webListen,
            WebToken = webToken,
            WebAllowedHosts = webHosts,
        };

        CrossSectionValidator.Check(root, configuration, heps, [.. inputs.SelectMany(input => input.Objects)], diagnostics);
        return configuration;
    }

    private static string? HepPass(SectionValues values, ConfigurationDiagnostics diagnostics) =>
        Secrets.Read(values, IdentityKeys.HepPass, IdentityKeys.HepPassFile, diagnostics);

    private static LogLevel LevelOf(SectionValues agent, IEnumerable<SectionValues> sections)
    {
        LogLevel level = agent.Get(AgentSection.LogLevel);
        return level > LogLevel.Debug && sections.Any(values => values.Get(DebugKey.Debug)) ? LogLevel.Debug : level;
    }
}
