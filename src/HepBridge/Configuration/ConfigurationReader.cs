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
            return diagnostics.Result(path, null);
        }

        root = FlatLayout.Convert(root, diagnostics);
        EnvironmentVariables.Overlay(root, diagnostics);
        return diagnostics.Result(file, Make(root, diagnostics));
    }

    private static AgentConfiguration Make(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        SectionValues agent = SectionReader.ReadRoot(root, diagnostics.Sections.Root, diagnostics);
        SectionValues reports = SectionReader.ReadObject(root, ReportsSection.Table, diagnostics);
        IReadOnlyList<SectionValues> heps = SectionReader.ReadObjects(root, HepSection.Table, diagnostics);
        (InputSection Section, SectionValues Values)[] inputs =
            [.. diagnostics.Sections.Inputs.SelectMany(section => SectionReader.ReadObjects(root, section.Table, diagnostics), (section, values) => (section, values))];
        SectionValues[] inputValues = [.. inputs.Select(input => input.Values)];

        // Read from every object, not just the first that has one, so that a wrong key is an error in each.
        string?[] hepPasses = [.. heps.Select(values => HepPass(values, diagnostics))];
        ReportOptions ReportsOf(SectionValues input) =>
            ReportsSection.MakeReports(input, reports, heps, HepPass(input, diagnostics), hepPasses.FirstOrDefault(pass => pass is not null));

        AgentConfiguration configuration = new()
        {
            Metrics = MetricsSection.Make(root, diagnostics),
            Web = WebSection.Make(root, diagnostics),
            Outputs = [.. heps.Select(values => HepSection.Make(values, diagnostics))],
            Inputs = [.. inputs.Select(input => input.Section.Make(input.Values, ReportsOf(input.Values), diagnostics))],
            Calls = ReportsSection.MakeCalls(reports),
            Mask = ReportsSection.MakeMask(reports),
            LogLevel = LevelOf(agent, [.. heps, .. inputValues]),
            StatisticsInterval = agent.Get(AgentSection.StatisticsInterval),
            ShutdownTimeout = agent.Get(AgentSection.ShutdownTimeout),
        };

        CheckAcrossSections(root, configuration, heps, inputValues, diagnostics);
        return configuration;
    }

    private static string? HepPass(SectionValues values, ConfigurationDiagnostics diagnostics) =>
        values.GetSecret(IdentityKeys.HepPass, IdentityKeys.HepPassFile, diagnostics);

    private static LogLevel LevelOf(SectionValues agent, IEnumerable<SectionValues> sections)
    {
        LogLevel level = agent.Get(AgentSection.LogLevel);
        return level > LogLevel.Debug && sections.Any(values => values.Get(DebugKey.Debug)) ? LogLevel.Debug : level;
    }

    // Missing sections and duplicate objects.
    private static void CheckAcrossSections(
        ConfigurationNode root, AgentConfiguration configuration, IReadOnlyList<SectionValues> heps, SectionValues[] inputs, ConfigurationDiagnostics diagnostics)
    {
        if (heps.Count == 0 && IsLeftOut(root, HepSection.Name))
        {
            diagnostics.Error(HepSection.Name, "no collector", "add \"hep_config\": { \"HEP_SERVER\": \"127.0.0.1\", \"HEP_PORT\": 9060 }");
        }

        if (inputs.Length == 0 && diagnostics.Sections.Inputs.All(section => IsLeftOut(root, section.Name)))
        {
            diagnostics.Error(
                EslSection.Name,
                "no input",
                "add \"esl_config\": { \"ESL_SERVER\": \"127.0.0.1\", \"ESL_PASS\": \"…\" } or \"multicast_config\": { \"MULTICAST_ADDRESS\": \"225.1.1.1\" }");
        }

        RejectDuplicates(heps, configuration.Outputs.Select(output => output.Identity), diagnostics);
        RejectDuplicates(heps, configuration.Outputs.Select(output => output.Spool is { } spool ? $"spool {Path.TrimEndingDirectorySeparator(spool.Path)}" : null), diagnostics);
        RejectDuplicates(inputs, configuration.Inputs.Select(input => input.Identity), diagnostics);
        if (configuration.Web.Listen is { } web && web == configuration.Metrics.Listen)
        {
            diagnostics.Error(WebSection.Name, $"{web} is also metrics.listen", "use different ports");
        }
    }

    // A section that is present but wrong has its own error.
    private static bool IsLeftOut(ConfigurationNode root, string name) =>
        root.Find(name) is not { } node || (node.Children.Count == 0 && string.IsNullOrEmpty(node.Value));

    private static void RejectDuplicates(IReadOnlyList<SectionValues> objects, IEnumerable<string?> identities, ConfigurationDiagnostics diagnostics)
    {
        Dictionary<string, string> first = new(StringComparer.OrdinalIgnoreCase);
        foreach ((SectionValues values, string? identity) in objects.Zip(identities))
        {
            // If the object has another error, a wrong port may be all that makes it a duplicate.
            if (identity is not null && !diagnostics.HasErrorIn(values.Path) && !first.TryAdd(identity, values.Path))
            {
                diagnostics.Error(values.Path, $"{DisplayText.Key(identity)} is in {first[identity]}, too", "keep one of them");
            }
        }
    }
}
