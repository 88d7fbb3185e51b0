using HepBridge.Configuration.Tables;

namespace HepBridge.Configuration;

/// <summary>What only the whole configuration shows: missing sections, unsupported ones, and two objects that are the same.</summary>
internal static class WholeCheck
{
    public static void Check(
        ConfigurationNode root,
        AgentConfiguration configuration,
        IReadOnlyList<SectionValues> heps,
        IReadOnlyList<SectionValues> inputs,
        Findings findings)
    {
        foreach (string name in findings.Sections.Unsupported)
        {
            if (root.Find(name) is not null)
            {
                findings.Warning(name, "this section of hepipe.js is not supported yet, and nothing in it has an effect", "keep hepipe.js for it beside HepBridge, or remove it");
            }
        }

        if (heps.Count == 0 && IsLeftOut(root, HepSection.Name))
        {
            findings.Error(HepSection.Name, "there is no collector", "add \"hep_config\": { \"HEP_SERVER\": \"127.0.0.1\", \"HEP_PORT\": 9060 }");
        }

        if (inputs.Count == 0 && findings.Sections.Inputs.All(section => IsLeftOut(root, section.Name)))
        {
            findings.Error(
                EslSection.Name,
                "there is no input",
                "add \"esl_config\": { \"ESL_SERVER\": \"127.0.0.1\", \"ESL_PASS\": \"…\" } or \"multicast_config\": { \"MULTICAST_ADDRESS\": \"225.1.1.1\" }");
        }

        RefuseTwice(heps, configuration.Outputs.Select(output => output.Identity), findings);
        RefuseTwice(heps, configuration.Outputs.Select(output => output.Spool is { } spool ? $"spool {Path.TrimEndingDirectorySeparator(spool.Path)}" : null), findings);
        RefuseTwice(inputs, configuration.Inputs.Select(input => input.Identity), findings);
        if (configuration.WebListen is { } web && web == configuration.MetricsListen)
        {
            findings.Error(WebSection.Name, $"{web} is also metrics.listen", "give each a port of its own");
        }
    }

    // A section that is there but wrong has its own error.
    private static bool IsLeftOut(ConfigurationNode root, string name) =>
        root.Find(name) is not { } node || (node.Children.Count == 0 && string.IsNullOrEmpty(node.Value));

    private static void RefuseTwice(IReadOnlyList<SectionValues> objects, IEnumerable<string?> identities, Findings findings)
    {
        Dictionary<string, string> first = new(StringComparer.OrdinalIgnoreCase);
        foreach ((SectionValues values, string? identity) in objects.Zip(identities))
        {
            // A wrong or misspelt port may be all that makes it the same.
            if (identity is not null && !findings.HasErrorIn(values.Path) && !first.TryAdd(identity, values.Path))
            {
                findings.Error(values.Path, $"{Shown.Key(identity)} is in {first[identity]} too", "keep one of them");
            }
        }
    }
}
