using System.Xml;
using System.Xml.Linq;

namespace HepBridge.Checks;

/// <summary>The relevant part of mod_sofia's configuration.</summary>
/// <param name="CaptureServer"><c>capture-server</c> of the global settings; null if not set.</param>
/// <param name="Profiles">The SIP profiles.</param>
internal sealed record SofiaSettings(string? CaptureServer, IReadOnlyList<SofiaProfile> Profiles)
{
    private const int MaxDepth = 32;
    private static readonly XmlReaderSettings _reading = new() { DtdProcessing = DtdProcessing.Prohibit };

    /// <summary>Parses the output of <c>xml_locate configuration configuration name sofia.conf</c>; null if it is something else.</summary>
    public static SofiaSettings? Parse(string xml)
    {
        XElement root;
        try
        {
            if (!IsShallow(xml))
            {
                return null;
            }

            using XmlReader reader = XmlReader.Create(new StringReader(xml), _reading);
            root = XElement.Load(reader);
        }
        catch (XmlException)
        {
            // "-ERR bad args", or a switch with its configuration elsewhere: the caller reports that it was not checked.
            return null;
        }

        return root.Name.LocalName != "configuration"
            ? null
            : new SofiaSettings(
                Param(root.Element("global_settings"), "capture-server"),
                [
                    .. root.Elements("profiles").Elements("profile").Select(profile => new SofiaProfile(
                        (string?)profile.Attribute("name") ?? "?",
                        Param(profile.Element("settings"), "rtcp-audio-interval-msec"),
                        Param(profile.Element("settings"), "sip-capture"))),
                ]);
    }

    // Parsing costs the square of the depth, and sofia.conf has six levels.
    private static bool IsShallow(string xml)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(xml), _reading);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
            {
                return false;
            }
        }

        return true;
    }

    // The last of equal names wins, as in mod_sofia.
    private static string? Param(XElement? settings, string name) =>
        (string?)settings?.Elements("param").LastOrDefault(param => (string?)param.Attribute("name") == name)?.Attribute("value");
}

/// <summary>One SIP profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RtcpInterval"><c>rtcp-audio-interval-msec</c>: milliseconds or <c>passthru</c>; null if not set.</param>
/// <param name="SipCapture"><c>sip-capture</c>; null if not set.</param>
internal sealed record SofiaProfile(string Name, string? RtcpInterval, string? SipCapture)
{
    /// <summary>Whether its calls have RTCP, so that the switch can report it.</summary>
    public bool HasRtcp => RtcpInterval is not null && (IsPassthru || (int.TryParse(RtcpInterval, out int milliseconds) && milliseconds > 0));

    /// <summary>Whether the switch passes RTCP through and sends none itself.</summary>
    public bool IsPassthru => string.Equals(RtcpInterval, "passthru", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether its SIP is sent to the capture server.</summary>
    public bool Captures => SipCapture is { } value && IsTrue(value);

    /// <summary>Whether FreeSWITCH treats the value as true (switch_true).</summary>
    public static bool IsTrue(string value) =>
        value.ToLowerInvariant() is "yes" or "on" or "true" or "t" or "enabled" or "active" or "allow" || (int.TryParse(value, out int number) && number != 0);
}
