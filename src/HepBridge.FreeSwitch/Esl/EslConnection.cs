using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>A connected event socket: receives into one buffer, yields frames, sends commands. Knows nothing of logins or replies.</summary>
/// <remarks>One caller receives and reads; any number may send.</remarks>
public sealed class EslConnection : IDisposable
{
    // A command is one short line: this only catches a peer that has stopped reading altogether.
    private static readonly TimeSpan _sendTimeout = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly EslFrameReader _reader;
    private readonly Action<ReadOnlyMemory<byte>>? _tap;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly EslWaiting _waiting;

    /// <summary>Takes ownership of a connected socket.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="maxFrame">Largest frame to accept, in bytes.</param>
    /// <param name="tap">Sees the bytes of every receive; not called at the end of the stream.</param>
    /// <param name="waiting">How <see cref="ReceiveAsync"/> waits.</param>
    public EslConnection(
        Socket socket, int maxFrame = EslFrameReader.DefaultMaxFrame, Action<ReadOnlyMemory<byte>>? tap = null, EslWaiting waiting = EslWaiting.ThreadPool)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _tap = tap;
        _waiting = waiting;
        _reader = new EslFrameReader(maxFrame);
        socket.NoDelay = true;
        socket.SendTimeout = (int)_sendTimeout.TotalMilliseconds;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Why the stream is unreadable.</summary>
    public EslFrameError Error => _reader.Error;

    /// <summary>Whether the buffer holds part of a frame, which an end of the stream would cut off.</summary>
    public bool HasPartialFrame => _reader.Buffered > 0;

    /// <summary>Receives once; false at the end of the stream. Invalidates frames read before.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a connection that waits in the kernel is unusable afterwards.</exception>
    public ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken) =>
        _waiting == EslWaiting.OwnThread ? new ValueTask<bool>(ReceiveOnThreadAsync(cancellationToken)) : ReceiveByPoolAsync(cancellationToken);

    /// <summary>The same, blocking the calling thread. Cancel together with <see cref="WakeReceiver"/>.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the connection is unusable afterwards.</exception>
    public bool Receive(CancellationToken cancellationToken)
    {
        Memory<byte> memory = _reader.GetMemory();
        SocketWait.UntilReadable(_socket, cancellationToken);
        int count = _socket.Receive(memory.Span, SocketFlags.None);
        cancellationToken.ThrowIfCancellationRequested();
        return Received(memory[..count]);
    }

    /// <summary>Shuts down the receiving side, which ends a waiting <see cref="Receive"/>.</summary>
    public void WakeReceiver() => SocketWait.Wake(_socket);

    /// <summary>Takes the next complete frame; false if more bytes are needed or on an <see cref="Error"/>.</summary>
    public bool TryReadFrame(out EslFrame frame) => _reader.TryRead(out frame);

    /// <summary>Sends one command and its terminating blank line.</summary>
    /// <exception cref="ArgumentException">The command contains a line feed, which would start another command.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask SendAsync(string command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!EslCommand.IsOneLine(command))
        {
            throw new ArgumentException("A command for the event socket must be one line.", nameof(command));
        }

        byte[] bytes = Encoding.UTF8.GetBytes(command + "\n\n");
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Not SendAsync: it would register this socket with the runtime's socket thread for good.
            ReadOnlySpan<byte> rest = bytes;
            while (!rest.IsEmpty)
            {
                rest = rest[_socket.Send(rest, SocketFlags.None)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Closes the socket and returns the buffer. Nobody may be receiving.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _reader.Dispose();
        _sending.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveByPoolAsync(CancellationToken cancellationToken)
    {
        Memory<byte> memory = _reader.GetMemory();
        int count = await _socket.ReceiveAsync(memory, SocketFlags.None, cancellationToken);
        return Received(memory[..count]);
    }

    private async Task<bool> ReceiveOnThreadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(static c => ((EslConnection)c!).WakeReceiver(), this);
        return await Task.Factory.StartNew(
            () => Receive(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private bool Received(ReadOnlyMemory<byte> bytes)
    {
        _tap?.Invoke(bytes);
        _reader.Advance(bytes.Length);
        return !bytes.IsEmpty;
    }
}

/// <summary>How a connection waits for data.</summary>
public enum EslWaiting
{
    /// <summary>On the runtime's socket thread and the thread pool: for requests and replies.</summary>
    ThreadPool,

    /// <summary>
    /// In the kernel, on the connection's own thread, without the runtime's socket thread: for a stream of events. At a few thousand a second,
    /// events arrive one at a time, and two extra thread hops cost more than processing one.
    /// </summary>
    OwnThread,
}
