namespace HepBridge.Hep;

/// <summary>What <see cref="HepStreamFramer"/> found at the start of a stream's bytes.</summary>
public enum HepFrame
{
    /// <summary>The packet is incomplete.</summary>
    NeedMore = 0,

    /// <summary>A complete packet.</summary>
    Packet,

    /// <summary>The bytes do not start with "HEP3": the stream cannot be resynchronized.</summary>
    NotHep,

    /// <summary>The total length is less than 6: the stream cannot be resynchronized.</summary>
    BadLength,
}
