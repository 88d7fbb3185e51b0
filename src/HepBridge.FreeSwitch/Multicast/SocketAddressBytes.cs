namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Extracts the address from a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
internal static class SocketAddressBytes
{
    public const int MaxLength = 28;

    public static SenderAddress Read(ReadOnlySpan<byte> address, bool ipv6) =>
        SenderAddress.FromBytes(ipv6 ? address.Slice(8, 16) : address.Slice(4, 4));
}
