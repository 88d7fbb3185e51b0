using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Who sends, as the collector sees it: in each input section, and in <c>hep_config</c> for the inputs that don't say.</summary>
internal static class IdentityKeys
{
    public static ValueKey<uint> HepId { get; } = new("HEP_ID", Quantity.CaptureId, "2001", "Capture id of the packets: shows in Homer which agent sent them.");

    public static ValueKey<string?> HepPass { get; } = new("HEP_PASS", Words.AuthKey!, null,
        "Authentication key of the packets. Homer doesn't check it and stores it readably; empty: none.")
    { IsSecret = true };

    public static ValueKey<string?> HepPassFile { get; } = new("HEP_PASS_FILE", Words.FilePath!, null,
        "A file whose first line is `HEP_PASS`.");

    public static ValueKey<string?> HepNodeName { get; } = new("HEP_NODE_NAME", Words.NodeName!, null,
        "Node name of the packets, of `A-Z a-z 0-9 . _ : -`; Homer 7 shows it in place of the capture id. Empty: none.");

    public static KeyGroup Group { get; } = new(
        "The sender, in `hep_config` and in each input section",
        "An input's own value holds; an input without one takes that of the first `hep_config` object that has one.",
        HepId, HepPass, HepPassFile, HepNodeName);
}
