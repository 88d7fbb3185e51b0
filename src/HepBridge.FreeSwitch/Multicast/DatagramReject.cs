namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Why a datagram was rejected. The names are the values of the metric's <c>reason</c> label.</summary>
public enum DatagramReject : byte
{
    None,

    /// <summary>Empty, or nothing before the trailer.</summary>
    Empty,

    /// <summary>No trailer, and nothing that looks like an event: not from mod_event_multicast.</summary>
    NoTrailer,

    /// <summary>Starts like an event (after decryption, if there is a psk), but the end with the trailer is missing.</summary>
    Truncated,

    /// <summary>Encrypted, and no psk is configured here.</summary>
    EncryptedWithoutPsk,

    /// <summary>Not encrypted, and a psk is configured here: rejected, as mod_event_multicast does.</summary>
    PlaintextWithPsk,

    /// <summary>Wrong padding or trailer after decryption: the sender has another psk.</summary>
    WrongPsk,

    /// <summary>The encrypted part is not a whole number of cipher blocks.</summary>
    BadBlockLength,

    /// <summary>The source address is not in <c>allowed_senders</c>.</summary>
    ForeignSender,
}
