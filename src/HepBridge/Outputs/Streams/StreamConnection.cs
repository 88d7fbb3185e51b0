using System.Net.Sockets;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// One connection to a collector. Used by one worker; a read is always pending, since a collector never answers: whatever ends that read, ends the
/// connection, also while nothing is sent.
/// </summary>
internal abstract class StreamConnection(Socket socket, Stream stream, WakeSignal wake) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopWatching = new();
    private Task _watch = Task.CompletedTask;
    private volatile string? _ended;

    /// <summary>Why nothing more may be sent: the peer has closed its side, or the connection has failed; null: it lives.</summary>
    public string? Ended => _ended;

    /// <summary>Whether to go on: until the peer ends, and then to the end of a packet that is partly gone.</summary>
    public bool MaySend => _ended is null || IsTorn;

    /// <summary>Whether a packet is partly gone.</summary>
    protected virtual bool IsTorn => false;

    protected Socket Socket => socket;

    protected Stream Stream => stream;

    /// <summary>Begins to watch for the peer's end.</summary>
    public void Watch() => _watch = WatchAsync(_stopWatching.Token);

    /// <summary>Waits a while; true as soon as the peer ends the connection.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_watch, Task.Delay(time, clock, cancellationToken));
        return _ended is not null;
    }

    /// <summary>
    /// Sends some of these packets and returns the bytes of those that the kernel now has whole. A packet that is partly gone is continued by the
    /// next call, which has to begin with it.
    /// </summary>
    /// <exception cref="IOException">The connection has failed.</exception>
    /// <exception cref="SocketException">The connection has failed.</exception>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellationToken);

    /// <summary>Ends our side in order: the peer reads all that was sent, then the end.</summary>
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
            // The peer was faster: there is no one left to say goodbye to.
            _ended ??= e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A socket that is closed with a read pending is reset, and what the kernel still holds would be lost.
        await StopWatchingAsync();
        await stream.DisposeAsync();
        socket.Dispose();
        _stopWatching.Dispose();
    }

    /// <summary>What the protocol above TCP says at its end.</summary>
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
