namespace HepBridge.Hep;

/// <summary>Why bytes are not a HEP3 packet.</summary>
public enum HepReject
{
    None = 0,

    /// <summary>The first bytes are not "HEP3".</summary>
    NotHep,

    /// <summary>The bytes end before the packet does.</summary>
    Truncated,

    /// <summary>The total length is less than the six bytes that state it.</summary>
    BadTotalLength,

    /// <summary>A chunk is shorter than its header or extends past the packet's end.</summary>
    BadChunkLength,

    /// <summary>A chunk has a size other than the one that the specification fixes.</summary>
    BadFixedSize,

    /// <summary>No payload type (0x000b), or type 0: no collector stores such a packet (some agents send them as keep-alives).</summary>
    NoPayloadType,
}
