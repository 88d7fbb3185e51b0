using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Inputs;

/// <summary>Advice for rejected datagrams.</summary>
internal static class DatagramAdvice
{
    public static string For(DatagramReject reason) => reason switch
    {
        DatagramReject.EncryptedWithoutPsk => "is a psk set on the senders? Then set MULTICAST_PSK to the same.",
        DatagramReject.PlaintextWithPsk => "MULTICAST_PSK is set here, so set the same psk in event_multicast.conf.xml of the sender, or remove it here.",
        DatagramReject.WrongPsk => "the sender's psk differs from MULTICAST_PSK.",
        DatagramReject.ForeignSender => "its address is not in allowed_senders.",
        DatagramReject.Truncated or DatagramReject.BadBlockLength => "something on the way cuts datagrams: look at MTU and fragments.",
        _ => "it doesn't come from mod_event_multicast: is another program on this group and port?",
    };
}
