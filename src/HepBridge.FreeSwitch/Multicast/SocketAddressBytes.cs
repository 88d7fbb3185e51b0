namespace HepBridge.FreeSwitch.Multicast;

/// <summary>The address within a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
internal static class SocketAddressBytes
{
    /// <summary>The length of a <c>sockaddr_in6</c>.</summary>
    public const int MaxLength = 28;

    public static SenderAddress Read(ReadOnlySpan<byte> address, bool ipv6) =>
        SenderAddress.FromBytes(ipv6 ? address.Slice(8, 16) : address.Slice(4, 4));
}
