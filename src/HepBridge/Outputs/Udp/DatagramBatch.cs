using System.Net.Sockets;
using System.Runtime.InteropServices;
using HepBridge.FreeSwitch;

namespace HepBridge.Outputs.Udp;

/// <summary>Sends many packets per system call: <c>sendmmsg(2)</c> of Linux. Over loopback it saves about 7 % a packet in batches of 16, and costs 7 % for a single packet.</summary>
internal sealed unsafe partial class DatagramBatch : IDisposable
{
    /// <summary>Packets per call; more gains nothing measurable.</summary>
    private const int BatchSize = 64;

    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    private readonly SafeSocketHandle _socket;
    private readonly MultiMessage* _messages;
    private readonly IoVector* _vectors;

    public DatagramBatch(Socket socket)
    {
        _socket = socket.SafeHandle;
        _messages = (MultiMessage*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(MultiMessage));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(IoVector));
        for (int i = 0; i < BatchSize; i++)
        {
            _messages[i].Message.Vectors = &_vectors[i];
            _messages[i].Message.VectorCount = 1;
        }
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && BitConverter.IsLittleEndian;

    /// <inheritdoc cref="DatagramSocket.Send"/>
    public (int Count, int Bytes) Send(ReadOnlySpan<byte> packets, out SocketError error)
    {
        int done = 0;
        int at = 0;
        error = SocketError.Success;
        fixed (byte* start = packets)
        {
            while (at < packets.Length)
            {
                int count = 0;
                int end = at;
                while (count < BatchSize && end < packets.Length)
                {
                    int length = PacketBlock.PacketLength(packets[end..]);
                    _vectors[count++] = new IoVector { Start = start + end, Length = (nuint)length };
                    end += length;
                }

                int sent = SendMessages(_socket, _messages, (uint)count, DontWait | NoSignal);
                if (sent < 0)
                {
                    error = ToSocketError(Marshal.GetLastPInvokeError());
                    return (done, at);
                }

                done += sent;
                for (int i = 0; i < sent; i++)
                {
                    at += (int)_vectors[i].Length;
                }

                if (sent < count)
                {
                    // The kernel does not report the error: the next call meets a full buffer again; an ICMP refusal is gone and recurs later.
                    return (done, at);
                }
            }
        }

        return (done, at);
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
    }

    // Linux's errno values (asm-generic/errno.h, the same on every architecture that .NET runs on).
    private static SocketError ToSocketError(int errno) => errno switch
    {
        4 => SocketError.Interrupted,
        11 => SocketError.WouldBlock,
        90 => SocketError.MessageSize,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        105 => SocketError.NoBufferSpaceAvailable,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        1 or 13 => SocketError.AccessDenied,
        _ => SocketError.SocketError,
    };

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMessages(SafeSocketHandle socket, MultiMessage* messages, uint count, int flags);
}
