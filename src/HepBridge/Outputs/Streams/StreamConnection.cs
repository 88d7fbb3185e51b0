using System.Net.Sockets;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// One connection to a collector, used by one worker. A read is always pending, because a collector never answers: whatever ends that read ends the
/// connection, even while nothing is sent.
/// </summary>
internal abstract class StreamConnection(Socket socket, Stream stream, WakeSignal wake) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopWatching = new();
    private Task _watch = Task.CompletedTask;
    private volatile string? _ended;

    /// <summary>Why nothing more may be sent: the peer has closed its side, or the connection has failed; null while it is alive.</summary>
    public string? Ended => _ended;

    /// <summary>Whether to continue: until the peer closes, and then until the end of a partly sent packet.</summary>
    public bool MaySend => _ended is null || IsTorn;

    /// <summary>Whether a packet was partly sent.</summary>
    protected virtual bool IsTorn => false;

    protected Socket Socket => socket;

    protected Stream Stream => stream;

    /// <summary>Starts watching for the peer's end.</summary>
    public void Watch() => _watch = WatchAsync(_stopWatching.Token);

    /// <summary>Waits; returns true as soon as the peer closes the connection.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_watch, Task.Delay(time, clock, cancellationToken));
        return _ended is not null;
    }

    /// <summary>
    /// Sends some of these packets and returns the bytes of those that the kernel has accepted whole. A partly accepted packet is continued by the
    /// next call, which has to start with it.
    /// </summary>
    /// <exception cref="IOException">The connection has failed.</exception>
    /// <exception cref="SocketException">The connection has failed.</exception>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellationToken);

    /// <summary>Closes our side cleanly: the peer reads everything that was sent, then the end.</summary>
    public async Task CloseAsync()
    {
        await StopWatchingAsync();
        try
        {
            await EndAsync();
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The peer closed first.
            _ended ??= e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Closing a socket with a read pending resets it and would lose what the kernel still holds.
        await StopWatchingAsync();
        await stream.DisposeAsync();
        socket.Dispose();
        _stopWatching.Dispose();
    }

    /// <summary>Ends the protocol above TCP.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    private async Task StopWatchingAsync()
    {
        await _stopWatching.CancelAsync();
        await _watch;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        byte[] ignored = new byte[256];
        try
        {
            while (await stream.ReadAsync(ignored, cancellationToken) > 0)
            {
            }

            _ended = "the collector closed the connection";
        }
        catch (OperationCanceledException)
        {
            _ended ??= "closed";
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            _ended = (e.InnerException ?? e).Message;
        }

        wake.Set();
    }
}

/// <summary>Connects to collectors.</summary>
internal interface IStreamConnector
{
    /// <summary>"tcp" or "tls".</summary>
    string Transport { get; }

    /// <exception cref="ConnectFailedException">It failed; the message says why and what to check.</exception>
    Task<StreamConnection> ConnectAsync(CollectorAddress address, WakeSignal wake, CancellationToken cancellationToken);

    /// <summary>Whether files used for the last connection have changed.</summary>
    bool HasChanged();
}

/// <summary>A collector could not be reached. The message is logged as is.</summary>
internal sealed class ConnectFailedException(string message, Exception? inner = null) : Exception(message, inner);
