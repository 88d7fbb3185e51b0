using System.Net.Sockets;

namespace HepBridge.FreeSwitch;

/// <summary>Waits for a socket in the kernel, on the calling thread (<c>poll(2)</c>): one wake-up for new data, where the thread pool takes three.</summary>
internal static class SocketWait
{
    // Bounds the delay where the system does not support waking (shutdown of an unconnected socket, outside Linux).
    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(1);

    /// <summary>Returns when there is something to read: bytes, an end, or an error.</summary>
    /// <exception cref="OperationCanceledException">Canceled: at once after <see cref="Wake"/>, else within a second.</exception>
    public static void UntilReadable(Socket socket, CancellationToken cancellationToken)
    {
        while (!socket.Poll(_slice, SelectMode.SelectRead))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Wakes the waiting thread for good: nothing that arrives later is received.</summary>
    public static void Wake(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (SocketException)
        {
            // An unconnected datagram socket returns an error, but the waiting thread still wakes (Linux's
            // inet_shutdown). A socket whose peer is gone is readable anyway.
        }
    }
}
