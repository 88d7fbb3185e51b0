namespace HepBridge.Hep;

/// <summary>What <see cref="HepStreamFramer"/> found at the front of a stream's bytes.</summary>
public enum HepFrame
{
    /// <summary>Not all of a packet is here yet.</summary>
    NeedMore = 0,

    /// <summary>A whole packet stands at the front.</summary>
    Packet,

    /// <summary>The bytes don't start with "HEP3": the stream can't be followed any further.</summary>
    NotHep,

    /// <summary>The total length is less than 6: the stream can't be followed any further.</summary>
    BadLength,
}
