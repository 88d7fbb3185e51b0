using System.Net;
using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>janus_config</c>: a receiver for Janus's event handler, as in hepipe.js.</summary>
internal static class JanusSection
{
    public const string Name = "janus_config";

    public static ValueKey<IPAddress> Server { get; } = new("API_SERVER",
        new(Address.Ip.Noun, Address.Ip.Advice, (string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out IPAddress value) =>
            Address.Ip.TryMake(text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" : text, out value)),
        "127.0.0.1", "Address to listen on for HTTP.");

    public static ValueKey<int> Port { get; } = new("API_PORT", NumericValues.Port, "7777", "Port to listen on.");
    public static ValueKey<string?> Listen { get; } = new("listen", Address.Listen!, null, "Address and port, instead of `API_SERVER` and `API_PORT`.");
    public static ValueKey<string> User { get; } = new("API_USER", TextValues.Line, "janus", "User name for `API_PASS`: `backend_user` in janus.eventhandler.sampleevh.jcfg.");

    public static ValueKey<string?> Password { get; } = new("API_PASS", TextValues.Line!, null,
        "Password that requests must have (HTTP Basic): `backend_pwd`. Default: no authentication.")
    { IsSecret = true };

    public static ValueKey<string?> PasswordFile { get; } = new("API_PASS_FILE", TextValues.FilePath!, null, "Read `API_PASS` from the first line of this file.");

    public static ListKey<IPNetwork> AllowedSenders { get; } = new("allowed_senders", Address.Network, [],
        "Networks and addresses to accept requests from. Empty accepts all.");

    public static ValueKey<long> MaxBody { get; } = new("max_body", NumericValues.Size("64KB", "100MB"), "10MB", "Largest body of a request, uncompressed.");

    public static ListKey<JanusEvents> Events { get; } = new("report_janus_events",
        EnumValues.Of("a kind of event",
            ("sessions", JanusEvents.Sessions), ("handles", JanusEvents.Handles), ("jsep", JanusEvents.Jsep), ("webrtc", JanusEvents.WebRtc),
            ("media", JanusEvents.Media), ("plugins", JanusEvents.Plugins), ("transports", JanusEvents.Transports), ("core", JanusEvents.Core),
            ("external", JanusEvents.External), ("all", JanusEvents.All), ("none", JanusEvents.None)),
        ["sessions", "handles", "jsep", "webrtc", "media", "plugins", "core", "external"],
        "Events to report as lines (type 100), by the names of Janus's own mask. `transports` is one line for each HTTP request to Janus.");

    public static ValueKey<bool> ReportSip { get; } = new("report_sip", EnumValues.Flag, "true", "SIP messages of the SIP plugin: type 1.");

    public static KeyGroup Group { get; } = new(
        "`janus_config`: Janus",
        "One object, or a list of objects. `report_call_events` turns all lines on or off; `report_qos_events` makes quality reports of Janus's media statistics.",
        Server, Port, Listen, User, Password, PasswordFile, AllowedSenders, MaxBody, Events, ReportSip,
        ReportFlagKeys.CallEvents, ReportFlagKeys.QosEvents, ReportKeys.QosType, ReportKeys.MaxPacket, ReportKeys.AgentAddress);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Sender, Make);

    private static JanusInputConfiguration Make(SectionValues values, ReportOptions reports, ConfigurationDiagnostics diagnostics)
    {
        string? password = values.GetSecret(Password, PasswordFile, diagnostics);
        if (values.Has(User) && password is null)
        {
            diagnostics.Warning(values.PathOf(User), "has no effect without a password", "set API_PASS, as backend_pwd in janus.eventhandler.sampleevh.jcfg");
        }

        JanusInputConfiguration configuration = new()
        {
            Listen = values.Get(Listen) is { } listen ? IPEndPoint.Parse(listen) : new IPEndPoint(values.Get(Server), values.Get(Port)),
            User = values.Get(User),
            Password = password,
            AllowedSenders = values.Get(AllowedSenders),
            MaxBody = (int)values.Get(MaxBody),
            Events = values.Get(Events).Aggregate(JanusEvents.None, (all, one) => all | one),
            ReportSip = values.Get(ReportSip),
            Reports = reports,
        };
        if (!configuration.IsGuarded)
        {
            diagnostics.Warning(values.PathOf(values.Has(Listen) ? Listen : Server), $"anyone who reaches {configuration.Listen} can send events", "set API_PASS, or allowed_senders");
        }

        return configuration;
    }
}
