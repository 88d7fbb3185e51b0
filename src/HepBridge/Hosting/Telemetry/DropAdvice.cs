using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Outputs;

namespace HepBridge.Hosting.Telemetry;

/// <summary>What each drop reason means and what to do about it: text for the page.</summary>
internal static class DropAdvice
{
    public static string For(UncorrelatedReason reason) => reason switch
    {
        UncorrelatedReason.NotSip => "Loopback, verto and other non-SIP legs have no Call-ID. Set correlate_non_sip to report them under their UUID.",
        UncorrelatedReason.NeverCame => "The leg ended before any SIP response, so it never had a Call-ID. Nothing to do.",
        UncorrelatedReason.NoLeg => "The event names neither a channel nor a Call-ID. Usually a log line or custom event outside a call.",
        UncorrelatedReason.HoldExpired => "No SIP response came within hold_time. Raise hold_time if your calls take longer to get their first response.",
        UncorrelatedReason.HoldLegFull => "A leg sent more than 64 events before it had a Call-ID. Check for a dialplan loop on that leg.",
        UncorrelatedReason.HoldFull => "Too many events are waiting for a Call-ID. Check whether your gateways answer INVITEs at all.",
        UncorrelatedReason.LegForgotten => "The leg table was full or the leg was too old. Raise max_legs or max_leg_age.",
        UncorrelatedReason.OlderThanAgent => "The call started before the agent. This stops once those calls end; an event socket input can query them, multicast cannot.",
        UncorrelatedReason.RegistrationUnmatched => "The failure's event has no Call-ID, and not exactly one matching REGISTER was seen. Normal right after a start.",
        UncorrelatedReason.RegistrationLimit => "Over 30 registrations per minute failed from one address, or 300 in total. Check for password guessing, and block its source.",
        UncorrelatedReason.Shutdown => "These events were still waiting for a Call-ID when the agent stopped.",
        _ => "",
    };

    public static string For(EventRejection reason) => reason switch
    {
        EventRejection.Empty => "The switch sent an empty event. Nothing to do unless it keeps growing.",
        EventRejection.Unterminated => "The event was cut off. With multicast, check for IP fragments dropped on the way (MTU, firewall).",
        EventRejection.NoEventName => "The event has no Event-Name or a header over the size limits. Record it with 'hepbridge record' and report it.",
        EventRejection.BadJson => "The event is not JSON as FreeSWITCH writes it. Check what else sends to this input.",
        EventRejection.FieldTooLong => "An id or a name is over its limit: 256 bytes, 1,024 for a Call-ID. FreeSWITCH never sends one that long; look for another sender.",
        EventRejection.WrappedTooOften => "Several switches re-fire each other's multicast events. Check mod_event_multicast for a loop.",
        _ => "",
    };

    /// <summary>For data that an input rejected before the pipeline saw it; empty for an unknown reason.</summary>
    public static string ForInput(string reason) => Enum.TryParse(reason, out DatagramReject known) ? For(known) : "";

    public static string For(DatagramReject reason) => reason switch
    {
        DatagramReject.Empty => "An empty datagram. Something else sends to this port.",
        DatagramReject.NoTrailer => "Not from mod_event_multicast. Choose another port, or set allowed_senders.",
        DatagramReject.Truncated => "The datagram lost its end. Check for IP fragments dropped on the way (MTU, firewall).",
        DatagramReject.EncryptedWithoutPsk => "The sender encrypts. Set MULTICAST_PSK to the psk in its event_multicast.conf.xml.",
        DatagramReject.PlaintextWithPsk => "The sender does not encrypt. Set psk in its event_multicast.conf.xml, or remove MULTICAST_PSK.",
        DatagramReject.WrongPsk => "The sender has another psk. Set MULTICAST_PSK to the psk in its event_multicast.conf.xml.",
        DatagramReject.BadBlockLength => "An encrypted datagram was damaged. Check for IP fragments dropped on the way (MTU, firewall).",
        DatagramReject.ForeignSender => "The sender is not in allowed_senders. Add it if it is one of your switches.",
        _ => "",
    };

    public static string For(DropReason reason) => reason switch
    {
        DropReason.RingFull => "The collector is too slow, or was unreachable for too long. Raise ring, or configure a spool.",
        DropReason.BackPressure => "The queue was over 75 % full, so RTCP was dropped to keep call logs. Check the collector's speed, or configure a spool.",
        DropReason.TooLarge => "The packet is larger than the transport carries. Use TCP or TLS, or lower max_packet.",
        DropReason.Refused => "The collector's port is closed. Check that it runs, and HEP_SERVER and HEP_PORT.",
        DropReason.Unreachable => "The collector's name has no address, or there is no route to it. Check HEP_SERVER, DNS and routing.",
        DropReason.SendError => "The kernel refused to send. The log has its error.",
        DropReason.SpoolFull => "The spool or its disk is full. Raise its size, or bring the collector back.",
        DropReason.SpoolExpired => "Packets waited in the spool for longer than max_age. Raise max_age if the collector accepts packets that old.",
        DropReason.SpoolTorn => "A spool file was damaged, most likely by a power loss.",
        DropReason.Shutdown => "These packets were still queued when shutdown_timeout expired. A spool keeps them for the next start.",
        _ => "",
    };
}
