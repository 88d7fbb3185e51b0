using HepBridge.Configuration.Values;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Configuration.Tables;

/// <summary>Format of reports: in section <c>reports</c> for all inputs, in an input section for that input.</summary>
internal static class ReportKeys
{
    public static ValueKey<Flavour> Flavour { get; } = new("flavour", Tables.Flavour.Kind, "reference",
        "Format the collector's pages expect: `reference` (as other agents send it), `homer7`, `homer11` or `homer5`. Sets the next three keys.");

    public static ListKey<HepPayloadType> QosType { get; } = new("qos_type",
        EnumValues.Of("a QoS type", ("34", HepPayloadType.MosFull), ("35", HepPayloadType.MosShort), ("99", HepPayloadType.Report)), ["35"],
        "HEP type of quality reports, or a list: Homer 7 and 11 show `35`; `34` feeds their Prometheus metrics; `99` is for Homer 5 (flavour `homer5`).")
    { IsRequired = true };

    public static ValueKey<RtcpLoss> RtcpLoss { get; } = new("rtcp_loss",
        EnumValues.Of("a way to count losses", ("cumulative", Configuration.RtcpLoss.Cumulative), ("delta", Configuration.RtcpLoss.Delta)), "cumulative",
        "`packets_lost` since the stream began, or since the last report (`delta`; flavour `homer7`, whose MOS needs it).");

    public static ValueKey<RtcpJitter> RtcpJitter { get; } = new("rtcp_jitter",
        EnumValues.Of("a unit of jitter", ("raw", Configuration.RtcpJitter.Raw), ("ms", Configuration.RtcpJitter.Milliseconds)), "raw",
        "`ia_jitter` in RTP timestamp units, or in milliseconds (`ms`; flavours `homer7` and `homer11`).");

    public static ListKey<string> CallEvents { get; } = new("call_events", TextValues.EventName, [],
        "Additional events in call logs; `[\"CHANNEL_EXECUTE\"]` brings the dialplan steps that hepipe.js shows.");

    public static ValueKey<CallFormat> CallFormat { get; } = new("call_format",
        EnumValues.Of("a format", ("text", Configuration.CallFormat.Text), ("json", Configuration.CallFormat.Json)), "text",
        "Call logs as one line of text, or as a JSON object: the headers HepBridge knows, and `call_headers`.");

    public static ListKey<string> CallHeaders { get; } = new("call_headers", TextValues.Glob, [],
        "More headers and channel variables for JSON call logs, by name with or without `variable_`, such as `[\"accountcode\", \"sip_h_X-*\"]`; `*` matches any characters.");

    public static ValueKey<bool> CallHeadersInText { get; } = new("call_headers_in_text", EnumValues.Flag, "false",
        "Add the `call_headers` to text call logs too, as `name=value`.");

    public static ListKey<string> HideHeaders { get; } = new("hide_headers", TextValues.Glob, [.. ReportOptions.DefaultHideHeaders],
        "Headers and channel variables that are never sent; overrides `call_headers`. `*` matches any characters.");

    public static ValueKey<RegistrationReports> RegistrationReports { get; } = new("registration_reports",
        EnumValues.Of("a choice of registrations", ("all", Configuration.RegistrationReports.All), ("changes", Configuration.RegistrationReports.Changes)), "all",
        "Every REGISTER (`all`), or only `changes` of contact, node or state.");

    public static ListKey<string> CustomSubclasses { get; } = new("custom_subclasses", TextValues.Subclass, [.. ReportOptions.DefaultCustomSubclasses],
        "Subclasses that `report_custom_events` sends.");

    public static ValueKey<DtmfReports> Dtmf { get; } = new("report_dtmf",
        EnumValues.Of("a way to show digits", ("true", DtmfReports.Full), ("masked", DtmfReports.Masked), ("false", DtmfReports.None)), "true",
        "DTMF digits in call logs: `true` shows them, `masked` shows a `*` for each, `false` leaves them out. Digits the switch marks sensitive never appear.");

    public static ValueKey<int> LogLevel { get; } = new("report_log_level",
        EnumValues.Of("a log level of FreeSWITCH", [.. LogLevels.Names.Select((name, level) => (name.ToLowerInvariant(), level))]), "notice",
        "Lowest level that `report_log_events` sends: `alert`, `crit`, `err`, `warning`, `notice`, `info` or `debug`.");

    public static ValueKey<long> MaxPacket { get; } = new("max_packet", NumericValues.Size("1000", "65000"), "65000",
        "Largest HEP packet in bytes; longer reports are truncated and counted.");

    public static ValueKey<HepAddress?> AgentAddress { get; } = new("agent_address", Address.Hep, null,
        "Source and destination address of call logs. Default: the leg's signaling address, or else the switch's.");

    public static KeyGroup Group { get; } = new(
        "Report format, in `reports` and in each input section",
        "In `reports` for all inputs; an input's own value overrides it. A key you set overrides the flavour.",
        Flavour, QosType, RtcpLoss, RtcpJitter, CallEvents, CallFormat, CallHeaders, CallHeadersInText, HideHeaders, RegistrationReports, CustomSubclasses, Dtmf, LogLevel, MaxPacket, AgentAddress);
}

internal static class ReportFlagKeys
{
    public static ValueKey<bool> CallEvents { get; } = new("report_call_events", EnumValues.Flag, "true", "Call logs, from CREATE to DESTROY (type 100).");
    public static ValueKey<bool> RtcpEvents { get; } = new("report_rtcp_events", EnumValues.Flag, "true", "RTCP reports (type 5).");
    public static ValueKey<bool> QosEvents { get; } = new("report_qos_events", EnumValues.Flag, "true", "A quality report for each leg and media type when it ends (type `qos_type`).");
    public static ValueKey<bool> RegistrationEvents { get; } = new("report_registration_events", EnumValues.Flag, "false", "Registrations, under the REGISTER's Call-ID (type 100).");
    public static ValueKey<bool> CustomEvents { get; } = new("report_custom_events", EnumValues.Flag, "false", "CUSTOM events of `custom_subclasses` (type 100).");
    public static ValueKey<bool> LogEvents { get; } = new("report_log_events", EnumValues.Flag, "false", "The switch's log lines of a call (type 100; event socket only).");
    public static ValueKey<bool> PeerEvents { get; } = new("report_peer_events", EnumValues.Flag, "false", "Switches of a multicast network coming and going (type 100).");

    public static KeyGroup Group { get; } = new(
        "What to report, in each input section",
        "In `reports` they are the defaults for all inputs.",
        CallEvents, RtcpEvents, QosEvents, RegistrationEvents, CustomEvents, LogEvents, PeerEvents);
}

/// <summary>The formats of quality and RTCP reports that one collector's pages expect (<c>flavour</c>).</summary>
internal sealed record Flavour(HepPayloadType QosType, RtcpLoss RtcpLoss, RtcpJitter RtcpJitter)
{
    public static ValueParser<Flavour> Kind { get; } = EnumValues.Of(
        "a flavour",
        ("reference", new Flavour(HepPayloadType.MosShort, RtcpLoss.Cumulative, RtcpJitter.Raw)),
        ("homer7", new Flavour(HepPayloadType.MosShort, RtcpLoss.Delta, RtcpJitter.Milliseconds)),
        ("homer11", new Flavour(HepPayloadType.MosShort, RtcpLoss.Cumulative, RtcpJitter.Milliseconds)),
        ("homer5", new Flavour(HepPayloadType.Report, RtcpLoss.Cumulative, RtcpJitter.Raw)));
}
