using System.Net;
using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>hep_input</c>: HEP from the switch's own capture and from other agents.</summary>
internal static class HepInputSection
{
    public const string Name = "hep_input";

    public static ValueKey<string> Listen { get; } = new("listen", Address.Listen, "127.0.0.1:9061",
        "Address and UDP port to receive HEP3 packets on; point the switch's `capture-server` here.");

    public static ValueKey<bool> Tcp { get; } = new("tcp", EnumValues.Flag, "true", "Also accept TCP on the same port.");

    public static ListKey<IPNetwork> AllowedSenders { get; } = new("allowed_senders", Address.Network, [],
        "Networks and addresses of the agents to accept. Empty accepts all.");

    public static ValueKey<bool> ReportSip { get; } = new("report_sip", EnumValues.Flag, "true", "Pass SIP messages (type 1). Other types always pass.");

    public static ValueKey<bool> FillAddresses { get; } = new("fill_addresses", EnumValues.Flag, "true",
        "Replace all-zero IPv6 addresses, as FreeSWITCH sends them, by those in the SIP message or earlier messages of its Call-ID.");

    public static KeyGroup Group { get; } = new(
        "`hep_input`: HEP from other agents",
        "One object, or a list of objects. Packets pass unchanged; an object's own `HEP_ID`, `HEP_PASS` and `HEP_NODE_NAME` replace those of its packets.",
        Listen, Tcp, AllowedSenders, ReportSip, FillAddresses, ReportsSection.SipCorrelation);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Sender, Make);

    private static HepInputConfiguration Make(SectionValues values, ReportOptions reports, ConfigurationDiagnostics diagnostics)
    {
        string listen = values.Get(Listen);
        if (!Address.IsLoopback(listen) && values.Get(AllowedSenders).Count == 0)
        {
            diagnostics.Warning(values.PathOf(Listen), $"anyone who reaches {listen} can send packets to your collectors", "set allowed_senders");
        }

        return new HepInputConfiguration
        {
            Listen = IPEndPoint.Parse(listen),
            Tcp = values.Get(Tcp),
            AllowedSenders = values.Get(AllowedSenders),
            ReportSip = values.Get(ReportSip),
            FillAddresses = values.Get(FillAddresses),
            Reports = reports,
        };
    }
}
