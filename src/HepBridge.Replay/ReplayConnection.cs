using System.Net.Sockets;
using System.Text;

namespace HepBridge.Replay;

/// <summary>One client of the stand-in: answers its commands, and plays the recording to it once it has subscribed.</summary>
internal sealed class ReplayConnection(Socket socket, Recording recording, ReplayServerOptions options, ReplayApi api, TimeProvider time) : IDisposable
{
    private const int LongestCommand = 1024 * 1024;
    private const int Batch = 256 * 1024;
    private static readonly TimeSpan _closeTime = TimeSpan.FromSeconds(10);

    private readonly ReplayResponder _responder = new(recording, options, api);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _batch = new byte[Batch];
    private int _batched;
    private Task _playing = Task.CompletedTask;
    private volatile ReplaySubscription _subscription = new();

    public long Sent { get; private set; }

    /// <summary>Whether the client ever subscribed to events.</summary>
    public bool WasPlayedTo { get; private set; }

    /// <summary>Runs until either side closes the connection.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (options.Reject)
            {
                await SendAsync(Encoding.ASCII.GetBytes(ReplayText.RudeRejection + ReplayText.DisconnectNotice), ending.Token);
                socket.Shutdown(SocketShutdown.Send);
                return;
            }

            await SendAsync(Encoding.ASCII.GetBytes(ReplayText.Greeting), ending.Token);
            await AnswerAllAsync(ending);
            if (_responder.IsOver)
            {
                await SendAsync(Encoding.ASCII.GetBytes(ReplayText.DisconnectNotice), ending.Token);
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // The client is gone, which is fine.
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The server is stopping, or the client did not close after the last event.
        }
        finally
        {
            await ending.CancelAsync();
            await _playing;
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _writing.Dispose();
    }

    /// <summary>Answers commands until the client closes or leaves; plays once it has subscribed and no command is waiting.</summary>
    private async Task AnswerAllAsync(CancellationTokenSource ending)
    {
        byte[] buffer = new byte[4096];
        int filled = 0;
        while (!_responder.IsOver)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= LongestCommand)
                {
                    return;
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int count = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, ending.Token);
            if (count == 0)
            {
                return;
            }

            filled += count;
            int start = 0;
            while (!_responder.IsOver && TryTakeCommand(buffer.AsSpan(0, filled), ref start, out string command))
            {
                await AnswerAsync(command, ending.Token);
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (!WasPlayedTo && _subscription.IsAny)
            {
                WasPlayedTo = true;
                _playing = PlayToEndAsync(ending);
            }
        }
    }

    /// <summary>Keeps a reply and the events around it in order: what the client subscribed to starts after the reply.</summary>
    private async Task AnswerAsync(string command, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            byte[] answer = _responder.Answer(command);
            await FlushAsync(cancellationToken);
            await SendAllAsync(answer, cancellationToken);
            _subscription = _responder.Subscription;
        }
        finally
        {
            _writing.Release();
        }
    }

    private static bool TryTakeCommand(ReadOnlySpan<byte> bytes, ref int start, out string command)
    {
        command = "";
        while (start < bytes.Length && bytes[start] is (byte)'\n' or (byte)'\r')
        {
            start++;
        }

        ReadOnlySpan<byte> rest = bytes[start..];
        int end = rest.IndexOf("\n\n"u8);
        int endWithReturns = rest.IndexOf("\r\n\r\n"u8);
        if (end < 0 && endWithReturns < 0)
        {
            return false;
        }

        bool returns = end < 0 || (endWithReturns >= 0 && endWithReturns < end);
        end = returns ? endWithReturns : end;
        command = Encoding.UTF8.GetString(rest[..end]).Replace("\r", "", StringComparison.Ordinal);
        start += end + (returns ? 4 : 2);
        return true;
    }

    /// <summary>Plays, then half-closes, and gives the client time to close, too.</summary>
    private async Task PlayToEndAsync(CancellationTokenSource ending)
    {
        try
        {
            await Task.Delay(options.StartDelay, time, ending.Token);
            do
            {
                await PlayAsync(ending.Token);
            }
            while (options.Playback.Loop);

            if (!options.Stay)
            {
                socket.Shutdown(SocketShutdown.Send);
                await Task.Delay(_closeTime, time, ending.Token);
                await ending.CancelAsync();
            }
        }
        catch (SocketException)
        {
            // The client is gone: the reader ends as well.
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The connection ended first.
        }
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        Playback playback = new(recording, options.Playback, time);
        for (int i = playback.First; i < recording.Frames.Count; i++)
        {
            await playback.WaitAsync(i, cancellationToken);

            // Before sending: a client that has seen an event can ask for its channel.
            api.MoveTo(i + 1, playback);
            await SendFrameAsync(playback, i, cancellationToken);
        }

        await SendAsync([], cancellationToken);
    }

    /// <summary>With a pace, header and body are two sends, like FreeSWITCH's; at full speed, frames are combined.</summary>
    private async ValueTask SendFrameAsync(Playback playback, int index, CancellationToken cancellationToken)
    {
        RecordedFrame frame = recording.Frames[index];
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (!_subscription.Wants(recording, frame))
            {
                return;
            }

            Sent++;
            if (frame.Length > Batch - _batched)
            {
                await FlushAsync(cancellationToken);
            }

            byte[] bytes = frame.Length > Batch ? new byte[frame.Length] : _batch;
            playback.Copy(frame, bytes.AsSpan(bytes == _batch ? _batched : 0));
            if (bytes == _batch && options.Playback.Speed == 0)
            {
                _batched += frame.Length;
                return;
            }

            await SendAllAsync(bytes.AsMemory(0, frame.HeaderLength), cancellationToken);
            await SendAllAsync(bytes.AsMemory(frame.HeaderLength, frame.BodyLength), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        int length = _batched;
        _batched = 0;
        await SendAllAsync(_batch.AsMemory(0, length), cancellationToken);
    }

    /// <summary>Sends what is batched, and then these bytes.</summary>
    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await FlushAsync(cancellationToken);
            await SendAllAsync(bytes, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
            bytes = bytes[sent..];
        }
    }
}
