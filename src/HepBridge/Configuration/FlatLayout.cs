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
        if (root.Find(Logs) is null || root.Find(LogsSection.Name) is not null || root.Find(HepSection.Name) is not null)
        {
            return root;
        }

        diagnostics.Warning(Logs, $"this is an old layout of hepipe.js, read as {HepSection.Name} and {LogsSection.Name}", "move HEP_SERVER and HEP_PORT to hep_config, the rest to logs_config");
        ConfigurationNode converted = new();
        ConfigurationNode hep = converted.FindOrAdd(HepSection.Name);
        ConfigurationNode section = converted.FindOrAdd(LogsSection.Name);
        foreach (ConfigurationNode child in root.Children)
        {
            ConfigurationNode? target = child.Key.ToUpperInvariant() switch
            {
                "HEP_SERVER" or "HEP_PORT" => hep.FindOrAdd(child.Key),
                "HEP_ID" or "DEBUG" => section.FindOrAdd(child.Key),
                "HEP_AUTH" => child.Value == NoKey ? null : section.FindOrAdd("HEP_PASS"),
                Logs => section.FindOrAdd("logs"),
                _ => converted.FindOrAdd(child.Key),
            };
            if (target is not null)
            {
                Copy(child, target);
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
