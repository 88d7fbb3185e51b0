using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>Hands the packets of a block to a connected datagram socket, one datagram each, without waiting.</summary>
internal interface IDatagramSender : IDisposable
{
    /// <summary>
    /// Sends packets from the start of <paramref name="packets"/>, some or all. <paramref name="error"/> says why the first unsent one was not
    /// accepted, if the kernel reported it; <see cref="SocketError.Success"/> with packets left means: call again.
    /// </summary>
    /// <returns>The number of packets accepted, and their bytes.</returns>
    (int Count, int Bytes) Send(ReadOnlySpan<byte> packets, out SocketError error);
}
