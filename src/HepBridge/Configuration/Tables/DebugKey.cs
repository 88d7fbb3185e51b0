using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>hepipe.js's <c>debug</c>, which may stand in each of its sections.</summary>
internal static class DebugKey
{
    public static ValueKey<bool> Debug { get; } = new("debug", EnumValues.Flag, "false", "`true` is the same as `log_level: \"debug\"`: logs every packet.");

    public static KeyGroup Group { get; } = new("In `hep_config` and in each input section", "As in hepipe.js.", Debug);
}
