namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Why a datagram gave no event. The names are the values of the metric's <c>reason</c> label.</summary>
public enum DatagramReject : byte
{
    /// <summary>It gave an event.</summary>
    None,

    /// <summary>Nothing in it, or nothing before its trailer.</summary>
    Empty,

    /// <summary>No trailer, and nothing that looks like an event: not from mod_event_multicast.</summary>
    NoTrailer,

    /// <summary>It begins like an event (after decryption, if there is a psk), but its end with the trailer is missing.</summary>
    Truncated,

    /// <summary>Encrypted, and no psk is configured here.</summary>
    EncryptedWithoutPsk,

    /// <summary>Not encrypted, and a psk is configured here: refused, as mod_event_multicast does.</summary>
    PlaintextWithPsk,

    /// <summary>Padding or trailer are wrong after decryption: the sender has another psk.</summary>
    WrongPsk,

    /// <summary>What follows the prefix of an encrypted datagram isn't whole cipher blocks.</summary>
    BadBlockLength,

    /// <summary>The source address isn't in <c>allowed_senders</c>.</summary>
    ForeignSender,
}
