using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>Hands packets of a block to a connected datagram socket, one datagram each, without waiting.</summary>
internal interface IDatagramSender : IDisposable
{
    /// <summary>
    /// Sends packets from the beginning of <paramref name="packets"/>, some or all. <paramref name="error"/> tells why the first unsent one was not
    /// taken, if the kernel told; <see cref="SocketError.Success"/> with packets left means: call again.
    /// </summary>
    /// <returns>How many were taken, and their bytes.</returns>
    (int Count, int Bytes) Send(ReadOnlySpan<byte> packets, out SocketError error);
}
