using HepBridge.Configuration.Tables;

namespace HepBridge.Configuration;

/// <summary>
/// hepipe.js's oldest layout, as in its example for NGCP: collector, sender and log files at the top level
/// (<c>HEP_SERVER</c>, <c>HEP_AUTH</c>, <c>LOGS</c>). Read as <c>hep_config</c> and <c>logs_config</c>.
/// </summary>
internal static class FlatLayout
{
    private const string Logs = "LOGS";

    // hepipe.js's placeholder for "no key".
    private const string NoKey = "null";

    /// <summary>Converts the configuration to sections; returns it unchanged if it already has them.</summary>
    public static ConfigurationNode Convert(ConfigurationNode root, ConfigurationDiagnostics diagnostics)
    {
        if (root.Find(Logs) is not { } logs || root.Find(LogsSection.Name) is not null || root.Find(HepSection.Name) is not null)
        {
            return root;
        }

        diagnostics.Warning(Logs, $"this is an old layout of hepipe.js, read as {HepSection.Name} and {LogsSection.Name}", "move HEP_SERVER and HEP_PORT to hep_config, the rest to logs_config");
        ConfigurationNode converted = new();
        ConfigurationNode hep = converted.FindOrAdd(HepSection.Name);
        ConfigurationNode section = converted.FindOrAdd(LogsSection.Name);
        foreach (ConfigurationNode child in root.Children)
        {
            switch (child.Key.ToUpperInvariant())
            {
                case "HEP_SERVER" or "HEP_PORT":
                    Copy(child, hep.FindOrAdd(child.Key));
                    break;
                case "HEP_ID" or "DEBUG":
                    Copy(child, section.FindOrAdd(child.Key));
                    break;
                case "HEP_AUTH":
                    if (child.Value != NoKey)
                    {
                        Copy(child, section.FindOrAdd("HEP_PASS"));
                    }

                    break;
                case Logs:
                    Copy(logs, section.FindOrAdd("logs"));
                    break;
                default:
                    Copy(child, converted.FindOrAdd(child.Key));
                    break;
            }
        }

        return converted;
    }

    private static void Copy(ConfigurationNode from, ConfigurationNode to)
    {
        to.Value = from.Value;
        to.Variable = from.Variable;
        foreach (ConfigurationNode child in from.Children)
        {
            Copy(child, to.FindOrAdd(child.Key));
        }
    }
}
