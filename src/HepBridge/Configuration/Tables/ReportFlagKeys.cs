using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

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
