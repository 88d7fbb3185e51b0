using System.Runtime.InteropServices;

namespace HepBridge.FreeSwitch;

// struct iovec, struct msghdr and struct mmsghdr of Linux's <sys/socket.h>; nuint and pointers adapt to the word length.

/// <summary>A datagram's bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Start;
    public nuint Length;
}

/// <summary>A datagram and its address.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Message
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>One datagram of <c>sendmmsg(2)</c> or <c>recvmmsg(2)</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MultiMessage
{
    public Message Message;

    /// <summary>Bytes sent or received.</summary>
    public uint Length;
}
