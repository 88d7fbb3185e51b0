using HepBridge.Configuration.Tables;

namespace HepBridge.Configuration;

/// <summary>Rules across sections: missing sections and duplicate objects.</summary>
internal static class CrossSectionValidator
{
    public static void Check(
        ConfigurationNode root,
        AgentConfiguration configuration,
        IReadOnlyList<SectionValues> heps,
        IReadOnlyList<SectionValues> inputs,
        ConfigurationDiagnostics diagnostics)
    {
        if (heps.Count == 0 && IsLeftOut(root, HepSection.Name))
        {
            diagnostics.Error(HepSection.Name, "no collector", "add \"hep_config\": { \"HEP_SERVER\": \"127.0.0.1\", \"HEP_PORT\": 9060 }");
        }

        if (inputs.Count == 0 && diagnostics.Sections.Inputs.All(section => IsLeftOut(root, section.Name)))
        {
            diagnostics.Error(
                EslSection.Name,
                "no input",
                "add \"esl_config\": { \"ESL_SERVER\": \"127.0.0.1\", \"ESL_PASS\": \"…\" } or \"multicast_config\": { \"MULTICAST_ADDRESS\": \"225.1.1.1\" }");
        }

        RejectDuplicates(heps, configuration.Outputs.Select(output => output.Identity), diagnostics);
        RejectDuplicates(heps, configuration.Outputs.Select(output => output.Spool is { } spool ? $"spool {Path.TrimEndingDirectorySeparator(spool.Path)}" : null), diagnostics);
        RejectDuplicates(inputs, configuration.Inputs.Select(input => input.Identity), diagnostics);
        if (configuration.WebListen is { } web && web == configuration.MetricsListen)
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
