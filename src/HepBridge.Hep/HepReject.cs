namespace HepBridge.Hep;

/// <summary>Why bytes are not a HEP3 packet; <see cref="None"/> for one that is.</summary>
public enum HepReject
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The first bytes are not "HEP3".</summary>
    NotHep,

    /// <summary>The bytes end before the packet does.</summary>
    Truncated,

    /// <summary>The total length is less than the six bytes that state it.</summary>
    BadTotalLength,

    /// <summary>A chunk is shorter than its own header, or reaches past the packet's end.</summary>
    BadChunkLength,

    /// <summary>A chunk whose size the specification fixes has another one.</summary>
    BadFixedSize,

    /// <summary>No payload type (0x000b), or type 0: no collector stores such a packet (some agents send them as keep-alives).</summary>
    NoPayloadType,
}
