using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>A connected event socket: receives into one buffer, gives frames, sends commands. It knows nothing of logins or answers.</summary>
/// <remarks>One caller receives and reads; any number may send.</remarks>
public sealed class EslConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly EslFrameReader _reader;
    private readonly Action<ReadOnlyMemory<byte>>? _tap;
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="maxFrame">Largest frame that is accepted, bytes.</param>
    /// <param name="tap">Sees the bytes of every receive as they came; none at the end of the stream.</param>
    public EslConnection(Socket socket, int maxFrame = EslFrameReader.DefaultMaxFrame, Action<ReadOnlyMemory<byte>>? tap = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _tap = tap;
        _reader = new EslFrameReader(maxFrame);
        socket.NoDelay = true;
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        Memory<byte> memory = _reader.GetMemory();
        int count = await _socket.ReceiveAsync(memory, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        _tap?.Invoke(memory[..count]);
        _reader.Advance(count);
        BytesReceived += count;
        return count > 0;
    }

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
            int sent = 0;
            while (sent < bytes.Length)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, cancellationToken).ConfigureAwait(false);
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
}
