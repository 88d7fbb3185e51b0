using HepBridge.Configuration.Values;
using HepBridge.Hep;

namespace HepBridge.Configuration.Tables;

/// <summary>How reports look: in section <c>reports</c> for all inputs, in an input section for that input.</summary>
internal static class ReportKeys
{
    public static ValueKey<Flavour> Flavour { get; } = new("flavour", Tables.Flavour.Kind, "reference",
        "What the collector's pages expect: `reference` (as other agents send it), `homer7`, `homer11` or `homer5`; sets the next three keys.");

    public static ListKey<HepPayloadType> QosType { get; } = new("qos_type",
        Choice.Of("a QoS type", ("34", HepPayloadType.MosFull), ("35", HepPayloadType.MosShort), ("99", HepPayloadType.Report)), ["35"],
        "Type of quality reports, one or a list: `35` is shown by Homer 7 and 11, `34` also feeds their Prometheus metrics, `99` is Homer 5's (flavour `homer5`).")
    { MustHoldSome = true };

    public static ValueKey<RtcpLoss> RtcpLoss { get; } = new("rtcp_loss",
        Choice.Of("a way to count losses", ("cumulative", Configuration.RtcpLoss.Cumulative), ("delta", Configuration.RtcpLoss.Delta)), "cumulative",
        "`packets_lost` since the stream began, or since its last report (`delta`; flavour `homer7`, whose MOS needs it).");

    public static ValueKey<RtcpJitter> RtcpJitter { get; } = new("rtcp_jitter",
        Choice.Of("a unit of jitter", ("raw", Configuration.RtcpJitter.Raw), ("ms", Configuration.RtcpJitter.Milliseconds)), "raw",
        "`ia_jitter` in RTP timestamp units, or in milliseconds (`ms`; flavours `homer7` and `homer11`).");

    public static ListKey<string> CallEvents { get; } = new("call_events", Words.EventName, [],
        "Names of more events in call logs; `[\"CHANNEL_EXECUTE\"]` brings the dialplan view of hepipe.js.");

    public static ValueKey<CallFormat> CallFormat { get; } = new("call_format",
        Choice.Of("a format", ("text", Configuration.CallFormat.Text), ("json", Configuration.CallFormat.Json)), "text",
        "A call log as one line of text, or as a JSON object of the event's headers.");

    public static ListKey<string> HideHeaders { get; } = new("hide_headers", Words.Glob, [.. ReportOptions.DefaultHideHeaders],
        "Headers that never appear in JSON, `*` for any characters.");

    public static ValueKey<RegistrationReports> RegistrationReports { get; } = new("registration_reports",
        Choice.Of("a choice of registrations", ("all", Configuration.RegistrationReports.All), ("changes", Configuration.RegistrationReports.Changes)), "all",
        "Every REGISTER, or `changes` of contact, node or state only.");

    public static ListKey<string> CustomSubclasses { get; } = new("custom_subclasses", Words.Subclass, [.. ReportOptions.DefaultCustomSubclasses],
        "Subclasses of `report_custom_events`.");

    public static ValueKey<DtmfReports> Dtmf { get; } = new("report_dtmf",
        Choice.Of("a way to show digits", ("true", DtmfReports.Full), ("masked", DtmfReports.Masked), ("false", DtmfReports.None)), "true",
        "`true` shows DTMF digits in call logs, `masked` shows a `*` for each, `false` leaves them out. Never when the switch marks them sensitive.");

    public static ValueKey<int> LogLevel { get; } = new("report_log_level",
        Choice.Of("a log level of FreeSWITCH", ("console", 0), ("alert", 1), ("crit", 2), ("err", 3), ("warning", 4), ("notice", 5), ("info", 6), ("debug", 7)), "notice",
        "The least important lines of `report_log_events`: `alert`, `crit`, `err`, `warning`, `notice`, `info` or `debug`.");

    public static ValueKey<long> MaxPacket { get; } = new("max_packet", Quantity.Size("1000", "65000"), "65000",
        "The largest HEP packet, in octets; longer reports are cut and counted.");

    public static ValueKey<HepAddress?> AgentAddress { get; } = new("agent_address", Address.Hep, null,
        "Source and destination of call logs; without it the leg's own signalling address, else the switch's.");

    public static KeyGroup Group { get; } = new(
        "How reports look, in `reports` and in each input section",
        "In `reports` for all inputs; an input's own value holds for that input. A key that is written wins over the flavour.",
        Flavour, QosType, RtcpLoss, RtcpJitter, CallEvents, CallFormat, HideHeaders, RegistrationReports, CustomSubclasses, Dtmf, LogLevel, MaxPacket, AgentAddress);
}
