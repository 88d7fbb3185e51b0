using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>A subscribed connection until it ends: passes its frames to the handler, and probes the switch when it is silent for too long.</summary>
internal sealed class EslSession
{
    private readonly EslConnection _connection;
    private readonly EslCommandQueue _commands;
    private readonly EslEndpoint _endpoint;
    private readonly IEslHandler _handler;
    private readonly TimeProvider _time;
    private readonly DeadPeerCheck _deadPeer;

    /// <summary>Takes over reading; the caller disposes of the connection.</summary>
    public EslSession(EslConnection connection, EslCommandQueue commands, EslEndpoint endpoint, IEslHandler handler, TimeProvider time)
    {
        _connection = connection;
        _commands = commands;
        _endpoint = endpoint;
        _handler = handler;
        _time = time;
        _deadPeer = new DeadPeerCheck(time);
    }

    /// <summary>Runs until the connection ends, and returns why. Only cancellation throws.</summary>
    public async Task<EslOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource lifetime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = WatchAsync(lifetime);
        try
        {
            return await ReadAsync(lifetime.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EslMessages.DeadPeer(_endpoint, _deadPeer.AllowedSilence, DeadPeerCheck.ReplyTime);
        }
        finally
        {
            await lifetime.CancelAsync();
            await watching;
        }
    }

    /// <summary>Reads on its own thread until the connection ends.</summary>
    private async Task<EslOutcome> ReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(static c => ((EslConnection)c!).WakeReceiver(), _connection);
        return await Task.Factory.StartNew(
            () => Read(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private EslOutcome Read(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                EslOutcome end = ReadFrames();
                _handler.OnBatchEnd();
                if (!end.IsSuccess)
                {
                    return end;
                }

                if (_connection.Error != EslFrameError.None)
                {
                    return EslMessages.BadFrame(_endpoint, _connection.Error);
                }

                if (!_connection.Receive(cancellationToken))
                {
                    return EslMessages.Closed(_endpoint, _connection.HasPartialFrame);
                }

                _deadPeer.Received();
            }
        }
        catch (SocketException e)
        {
            return EslMessages.Broken(_endpoint, e.Message);
        }
    }

    // Passes events and log lines to the handler and replies to the client. A failure means that the switch announced the end of the connection.
    private EslOutcome ReadFrames()
    {
        EslOutcome end = EslOutcome.Success;
        while (end.IsSuccess && _connection.TryReadFrame(out EslFrame frame))
        {
            if (frame.IsEventOrLog)
            {
                if (IsHeartbeat(frame.Body))
                {
                    _deadPeer.Heartbeat();
                }

                _handler.OnFrame(frame);
            }
            else
            {
                end = Answer(frame);
            }
        }

        return end;
    }

    private static bool IsHeartbeat(ReadOnlySpan<byte> body) =>
        body.StartsWith("Event-Name: HEARTBEAT\n"u8) || body.StartsWith("{\"Event-Name\":\"HEARTBEAT\""u8);

    private EslOutcome Answer(in EslFrame frame)
    {
        switch (frame.ContentType)
        {
            case EslContentType.CommandReply or EslContentType.ApiResponse:
                EslReply reply = EslReply.From(frame, withBody: false);
                if (_commands.Answered() is { } command && reply.IsError)
                {
                    _handler.OnRefused(EslMessages.Refused(_endpoint, command, reply.Text).Message);
                }

                return EslOutcome.Success;
            case EslContentType.DisconnectNotice:
                return EslMessages.DisconnectNotice(_endpoint);
            case EslContentType.RudeRejection:
                return EslMessages.Rejected(_endpoint);
            default:
                // A greeting mid-stream, or a frame type of a later FreeSWITCH: not something requested.
                return EslOutcome.Success;
        }
    }

    /// <summary>Once a second: probes a silent switch, and cancels the connection if it does not answer.</summary>
    private async Task WatchAsync(CancellationTokenSource lifetime)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(lifetime.Token))
            {
                switch (_deadPeer.Check())
                {
                    case DeadPeerCheck.Result.Ask:
                        await _commands.SendAsync("api version", lifetime.Token);
                        break;
                    case DeadPeerCheck.Result.Dead:
                        await lifetime.CancelAsync();
                        return;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
        {
            // The connection ended.
        }
        catch (SocketException)
        {
            // The reader sees the broken connection too and reports it.
        }
        catch
        {
            // Otherwise the error would go unnoticed until the reader ends.
            await lifetime.CancelAsync();
            throw;
        }
    }
}
