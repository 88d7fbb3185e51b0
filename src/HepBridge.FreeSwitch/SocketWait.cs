using System.Net.Sockets;

namespace HepBridge.FreeSwitch;

/// <summary>Waits for a socket on the calling thread, in the kernel (<c>poll(2)</c>): one wake-up for what has come, where the thread pool takes three.</summary>
internal static class SocketWait
{
    // A wake that the system doesn't know (shutdown of a socket that isn't connected, outside Linux) is made up for so soon.
    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(1);

    /// <summary>Returns when something can be read: bytes, an end, or an error.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: at once after <see cref="Wake"/>, else within a second.</exception>
    public static void UntilReadable(Socket socket, CancellationToken cancellationToken)
    {
        while (!socket.Poll(_slice, SelectMode.SelectRead))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Wakes who waits, for the last time: nothing that comes after it will be received.</summary>
    public static void Wake(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (SocketException)
        {
            // A datagram socket has no connection to shut down, and says so; who waits is woken all the same (inet_shutdown of Linux).
            // One whose peer is gone is readable anyway.
        }
    }
}
