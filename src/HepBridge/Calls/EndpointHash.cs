using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>Reduces an address and port to four bytes, to recognize them later.</summary>
internal static class EndpointHash
{
    /// <summary>Never 0, which means none.</summary>
    public static uint Compute(HepAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[18];
        address.WriteIPv6(bytes);
        bytes[16] = (byte)(port >> 8);
        bytes[17] = (byte)port;
        return Math.Max((uint)ByteHash.Compute(bytes), 1);
    }
}
