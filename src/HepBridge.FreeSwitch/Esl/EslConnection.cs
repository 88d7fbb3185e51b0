using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>A connected event socket: receives into one buffer, gives frames, sends commands. It knows nothing of logins or answers.</summary>
/// <remarks>One caller receives and reads; any number may send.</remarks>
public sealed class EslConnection : IDisposable
{
    // A command is a line: this is for a peer that takes nothing at all any more.
    private static readonly TimeSpan _sendTimeout = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly EslFrameReader _reader;
    private readonly Action<ReadOnlyMemory<byte>>? _tap;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly EslWaiting _waiting;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="maxFrame">Largest frame that is accepted, bytes.</param>
    /// <param name="tap">Sees the bytes of every receive as they came; none at the end of the stream.</param>
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

    /// <summary>Why the stream can't be read on.</summary>
    public EslFrameError Error => _reader.Error;

    /// <summary>Whether a part of a frame is in the buffer: an end of the stream now cuts it off.</summary>
    public bool HasPartialFrame => _reader.Buffered > 0;

    /// <summary>Bytes received so far.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Receives once; false at the end of the stream. Frames that were read before are no longer valid.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a connection that waits in the kernel is of no use any more.</exception>
    public ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken) =>
        _waiting == EslWaiting.OwnThread ? new ValueTask<bool>(ReceiveOnThreadAsync(cancellationToken)) : ReceiveByPoolAsync(cancellationToken);

    /// <summary>The same on the calling thread. A cancellation must be accompanied by <see cref="WakeReceiver"/>.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the connection is of no use any more.</exception>
    public bool Receive(CancellationToken cancellationToken)
    {
        Memory<byte> memory = _reader.GetMemory();
        SocketWait.UntilReadable(_socket, cancellationToken);
        int count = _socket.Receive(memory.Span, SocketFlags.None);
        cancellationToken.ThrowIfCancellationRequested();
        return Received(memory[..count]);
    }

    /// <summary>Ends the receiving side, and with it the wait of a <see cref="Receive"/>.</summary>
    public void WakeReceiver() => SocketWait.Wake(_socket);

    /// <summary>Takes the next whole frame; false: receive more, or <see cref="Error"/> says why there is none.</summary>
    public bool TryReadFrame(out EslFrame frame) => _reader.TryRead(out frame);

    /// <summary>Sends one command and the blank line that ends it.</summary>
    /// <exception cref="ArgumentException">The command has a line feed in it: the rest would be taken as another command.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask SendAsync(string command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!EslCommand.IsOneLine(command))
        {
            throw new ArgumentException("A command for the event socket must be one line.", nameof(command));
        }

        byte[] bytes = Encoding.UTF8.GetBytes(command + "\n\n");
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Not SendAsync: that would have this socket watched by the runtime's thread from now on.
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

    /// <summary>Closes the socket and gives the buffer back: nobody may be receiving any more.</summary>
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
        int count = await _socket.ReceiveAsync(memory, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        return Received(memory[..count]);
    }

    private async Task<bool> ReceiveOnThreadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(static c => ((EslConnection)c!).WakeReceiver(), this);
        return await Task.Factory.StartNew(
            () => Receive(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    private bool Received(ReadOnlyMemory<byte> bytes)
    {
        _tap?.Invoke(bytes);
        _reader.Advance(bytes.Length);
        BytesReceived += bytes.Length;
        return !bytes.IsEmpty;
    }
}
