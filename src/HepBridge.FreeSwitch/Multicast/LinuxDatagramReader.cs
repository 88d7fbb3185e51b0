using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Reads up to <see cref="DatagramReader.Capacity"/> datagrams per system call (<c>recvmmsg</c>).</summary>
internal sealed unsafe partial class LinuxDatagramReader : DatagramReader
{
    private const int DontWait = 0x40;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    private readonly Socket _socket;
    private readonly bool _ipv6;
    private readonly MultiMessage[] _messages = GC.AllocateArray<MultiMessage>(Capacity, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Capacity, pinned: true);
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Capacity * SocketAddressBytes.MaxLength, pinned: true);

    public LinuxDatagramReader(Socket socket)
    {
        _socket = socket;
        _ipv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i] = new IoVector { Start = Address(Buffer, i * SlotLength), Length = SlotLength };
            _messages[i].Message.Name = Address(_addresses, i * SocketAddressBytes.MaxLength);
            _messages[i].Message.Vectors = (IoVector*)Address(_vectors, i);
            _messages[i].Message.VectorCount = 1;
        }
    }

    public override int Read()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _messages[i].Message.NameLength = SocketAddressBytes.MaxLength;
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
            ReadOnlySpan<byte> address = _addresses.AsSpan(i * SocketAddressBytes.MaxLength, SocketAddressBytes.MaxLength);
            Set(i, (int)_messages[i].Length, SocketAddressBytes.Read(address, _ipv6));
        }

        return count;
    }

    // The arrays are pinned, so their elements do not move.
    private static void* Address<T>(T[] array, int index) => (void*)Marshal.UnsafeAddrOfPinnedArrayElement(array, index);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMessages(SafeHandle socket, void* messages, uint count, int flags, void* timeout);
}
