using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Inputs;

/// <summary>Advice for rejected datagrams.</summary>
internal static class DatagramAdvice
{
    public static string For(DatagramReject reason) => reason switch
    {
        DatagramReject.EncryptedWithoutPsk => "set MULTICAST_PSK to the senders' psk.",
        DatagramReject.PlaintextWithPsk => "set the same psk in the sender's event_multicast.conf.xml, or remove MULTICAST_PSK here.",
        DatagramReject.WrongPsk => "the sender's psk differs from MULTICAST_PSK.",
        DatagramReject.ForeignSender => "its address is not in allowed_senders.",
        DatagramReject.Truncated or DatagramReject.BadBlockLength => "something on the way truncates datagrams: check MTU and fragmentation.",
        _ => "it is not from mod_event_multicast: check for another program on this group and port.",
    };
}
