using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>The sender's identity: in each input section, and in <c>hep_config</c> as the default.</summary>
internal static class IdentityKeys
{
    public static ValueKey<uint> HepId { get; } = new("HEP_ID", NumericValues.CaptureId, "2001", "Capture id: shows in Homer which agent sent a packet.");

    public static ValueKey<string?> HepPass { get; } = new("HEP_PASS", TextValues.AuthKey!, null,
        "Authentication key. Homer does not check it and stores it in clear text. Empty: none.")
    { IsSecret = true };

    public static ValueKey<string?> HepPassFile { get; } = new("HEP_PASS_FILE", TextValues.FilePath!, null,
        "Read `HEP_PASS` from the first line of this file.");

    public static ValueKey<string?> HepNodeName { get; } = new("HEP_NODE_NAME", TextValues.NodeName!, null,
        "Node name (`A-Z a-z 0-9 . _ : -`), which Homer 7 shows instead of the capture id. Empty: none.");

    public static KeyGroup Group { get; } = new(
        "Sender, in `hep_config` and in each input section",
        "An input uses its own value, or else the first one in `hep_config`.",
        HepId, HepPass, HepPassFile, HepNodeName);
}

/// <summary>hepipe.js's <c>debug</c>, allowed in each of its sections.</summary>
internal static class DebugKey
{
    public static ValueKey<bool> Debug { get; } = new("debug", EnumValues.Flag, "false", "`true` is the same as `log_level: \"debug\"`: logs every packet.");

    public static KeyGroup Group { get; } = new("In `hep_config` and in each input section", "As in hepipe.js.", Debug);
}
