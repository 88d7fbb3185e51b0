using System.Xml.Linq;

namespace HepBridge.Replay;

/// <summary>The SIP profiles of a recorded switch, as far as its events reveal them.</summary>
internal static class RecordedProfiles
{
    /// <summary>
    /// mod_sofia's configuration with each profile found in a channel name (<c>sofia/internal/…</c>), and an RTCP interval if the recording has RTCP.
    /// SIP capture is on, as it should be on a switch; the stand-in itself sends no SIP.
    /// </summary>
    public static string ToXml(Recording recording)
    {
        bool rtcp = recording.Frames.Any(static frame => frame.Name == "RECV_RTCP_MESSAGE");
        return new XElement(
            "configuration",
            new XAttribute("name", "sofia.conf"),
            new XElement("global_settings", Param("capture-server", "udp:127.0.0.1:9060;hep=3;capture_id=100")),
            new XElement("profiles", NamesOf(recording).Select(name => new XElement(
                "profile",
                new XAttribute("name", name),
                new XElement("settings", Param("sip-capture", "yes"), rtcp ? Param("rtcp-audio-interval-msec", "5000") : null))))).ToString();
    }

    private static XElement Param(string name, string value) => new("param", new XAttribute("name", name), new XAttribute("value", value));

    private static SortedSet<string> NamesOf(Recording recording)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (RecordedFrame frame in recording.Frames)
        {
            if (frame.Name == "CHANNEL_CREATE" && recording.HeaderOf(frame, "Channel-Name"u8).Split('/') is ["sofia", string profile, ..])
            {
                names.Add(profile);
            }
        }

        return names;
    }
}
