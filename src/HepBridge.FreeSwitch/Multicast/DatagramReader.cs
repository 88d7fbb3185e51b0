using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Reads all waiting datagrams, each into its own slot of one buffer. Not thread-safe.</summary>
internal abstract class DatagramReader
{
    /// <summary>Most datagrams per read.</summary>
    public const int Capacity = 32;

    /// <summary>More than a UDP datagram can hold, so none is ever truncated.</summary>
    public const int SlotLength = 65_536;

    private readonly int[] _lengths = new int[Capacity];
    private readonly SenderAddress[] _senders = new SenderAddress[Capacity];

    /// <summary>All slots; pinned, because the kernel writes here.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(Capacity * SlotLength, pinned: true);

    /// <summary>The best implementation for this system.</summary>
    public static DatagramReader Create(Socket socket) =>
        OperatingSystem.IsLinux() ? new LinuxDatagramReader(socket) : new PortableDatagramReader(socket);

    /// <summary>Reads without waiting; returns the number of datagrams.</summary>
    /// <exception cref="SocketException">The socket is unusable.</exception>
    public abstract int Read();

    public int Length(int slot) => _lengths[slot];

    public SenderAddress Sender(int slot) => _senders[slot];

    protected void Set(int slot, int length, SenderAddress sender)
    {
        _lengths[slot] = length;
        _senders[slot] = sender;
    }
}

/// <summary>Extracts the address from a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
internal static class SocketAddressBytes
{
    public const int MaxLength = 28;

    public static SenderAddress Read(ReadOnlySpan<byte> address, bool ipv6) =>
        SenderAddress.FromBytes(ipv6 ? address.Slice(8, 16) : address.Slice(4, 4));
}
