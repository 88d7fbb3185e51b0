using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>A subscribed connection until it ends: hands its frames to the handler, and asks the switch something when it is silent for too long.</summary>
internal sealed class EslSession
{
    private readonly EslConnection _connection;
    private readonly EslCommandQueue _commands;
    private readonly EslEndpoint _endpoint;
    private readonly IEslHandler _handler;
    private readonly TimeProvider _time;
    private readonly DeadPeerCheck _deadPeer;

    /// <summary>Takes over the reading of a connection; the caller disposes of it.</summary>
    public EslSession(EslConnection connection, EslCommandQueue commands, EslEndpoint endpoint, IEslHandler handler, TimeProvider time)
    {
        _connection = connection;
        _commands = commands;
        _endpoint = endpoint;
        _handler = handler;
        _time = time;
        _deadPeer = new DeadPeerCheck(time);
    }

    /// <summary>Works until the connection ends, and says why it did. Only cancelling throws.</summary>
    public async Task<EslOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource lifetime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = WatchAsync(lifetime);
        try
        {
            return await ReadAsync(lifetime.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EslMessages.DeadPeer(_endpoint, _deadPeer.AllowedSilence, DeadPeerCheck.ReplyTime);
        }
        finally
        {
            await lifetime.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    /// <summary>Reads on a thread of its own until the connection ends.</summary>
    private async Task<EslOutcome> ReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(static c => ((EslConnection)c!).WakeReceiver(), _connection);
        return await Task.Factory.StartNew(
            () => Read(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
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

    // Hands over events and log lines, and answers to commands go to the client; a failure: the switch said that it ends the connection.
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
                // A greeting in mid-stream or a type of a later FreeSWITCH: nothing that was asked for.
                return EslOutcome.Success;
        }
    }

    /// <summary>Once a second: asks a silent switch something, and cancels the connection when nothing comes back.</summary>
    private async Task WatchAsync(CancellationTokenSource lifetime)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(lifetime.Token).ConfigureAwait(false))
            {
                switch (_deadPeer.Check())
                {
                    case DeadPeerCheck.Verdict.Ask:
                        await _commands.SendAsync("api version", lifetime.Token).ConfigureAwait(false);
                        break;
                    case DeadPeerCheck.Verdict.Dead:
                        await lifetime.CancelAsync().ConfigureAwait(false);
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
            // The reading side sees the broken connection too and reports it.
        }
    }
}
