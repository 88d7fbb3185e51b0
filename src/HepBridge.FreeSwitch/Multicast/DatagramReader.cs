using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Reads all waiting datagrams, each into its own slot of one buffer. Not thread-safe.</summary>
internal abstract class DatagramReader(Socket socket)
{
    /// <summary>Most datagrams per read.</summary>
    public const int Capacity = 32;

    /// <summary>More than a UDP datagram can hold, so none is ever truncated.</summary>
    public const int SlotLength = 65_536;

    /// <summary>Longest address that the kernel writes: a <c>sockaddr_in6</c>.</summary>
    protected const int AddressLength = 28;

    private readonly bool _isIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
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

    /// <summary>Records a datagram that was read; <paramref name="address"/> is a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
    protected void Set(int slot, int length, ReadOnlySpan<byte> address)
    {
        _lengths[slot] = length;
        _senders[slot] = SenderAddress.FromBytes(_isIPv6 ? address.Slice(8, 16) : address.Slice(4, 4));
    }
}

/// <summary>Reads one datagram per call, with .NET's sockets only.</summary>
internal sealed class PortableDatagramReader(Socket socket) : DatagramReader(socket)
{
    private readonly Socket _socket = socket;
    private readonly SocketAddress _address = new(socket.AddressFamily);

    public override int Read()
    {
        int count = 0;
        while (count < Capacity && _socket.Poll(0, SelectMode.SelectRead))
        {
            int length = _socket.ReceiveFrom(Buffer.AsSpan(count * SlotLength, SlotLength), SocketFlags.None, _address);
            Set(count++, length, _address.Buffer.Span);
        }

        return count;
    }
}

/// <summary>Reads up to <see cref="DatagramReader.Capacity"/> datagrams per system call (<c>recvmmsg</c>).</summary>
internal sealed unsafe partial class LinuxDatagramReader : DatagramReader
{
    private const int DontWait = 0x40;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    private readonly Socket _socket;
    private readonly MultiMessage[] _messages = GC.AllocateArray<MultiMessage>(Capacity, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Capacity, pinned: true);
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Capacity * AddressLength, pinned: true);

    public LinuxDatagramReader(Socket socket)
        : base(socket)
    {
        _socket = socket;
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i] = new IoVector { Start = Address(Buffer, i * SlotLength), Length = SlotLength };
            _messages[i].Message.Name = Address(_addresses, i * AddressLength);
            _messages[i].Message.Vectors = (IoVector*)Address(_vectors, i);
            _messages[i].Message.VectorCount = 1;
        }
    }

    public override int Read()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _messages[i].Message.NameLength = AddressLength;
        }

        int count;
        do
        {
            count = ReceiveMessages(_socket.SafeHandle, Address(_messages, 0), Capacity, DontWait, null);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (count < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error == WouldBlock ? 0 : throw new SocketException((int)SocketError.SocketError, Marshal.GetPInvokeErrorMessage(error));
        }

        for (int i = 0; i < count; i++)
        {
            Set(i, (int)_messages[i].Length, _addresses.AsSpan(i * AddressLength, AddressLength));
        }

        return count;
    }

    // The arrays are pinned, so their elements do not move.
    private static void* Address<T>(T[] array, int index) => (void*)Marshal.UnsafeAddrOfPinnedArrayElement(array, index);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMessages(SafeHandle socket, void* messages, uint count, int flags, void* timeout);
}
