using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>A subscribed connection until it ends: passes its frames to the handler, and probes the switch when it is silent for too long.</summary>
/// <remarks>Takes over reading; the caller disposes of the connection.</remarks>
internal sealed class EslSession(EslConnection connection, EslCommandQueue commands, EslEndpoint endpoint, IEslHandler handler, TimeProvider time)
{
    private readonly DeadPeerCheck _deadPeer = new(time);

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
            return EslMessages.DeadPeer(endpoint, _deadPeer.AllowedSilence, DeadPeerCheck.ReplyTime);
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
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(static c => ((EslConnection)c!).WakeReceiver(), connection);
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
                handler.OnBatchEnd();
                if (!end.IsSuccess)
                {
                    return end;
                }

                if (connection.Error != EslFrameError.None)
                {
                    return EslMessages.BadFrame(endpoint, connection.Error);
                }

                if (!connection.Receive(cancellationToken))
                {
                    return EslMessages.Closed(endpoint, connection.HasPartialFrame);
                }

                _deadPeer.Received();
            }
        }
        catch (SocketException e)
        {
            return EslMessages.Broken(endpoint, e.Message);
        }
    }

    // Passes events and log lines to the handler and replies to the client. A failure means that the switch announced the end of the connection.
    private EslOutcome ReadFrames()
    {
        EslOutcome end = EslOutcome.Success;
        while (end.IsSuccess && connection.TryReadFrame(out EslFrame frame))
        {
            if (frame.IsEventOrLog)
            {
                if (IsHeartbeat(frame.Body))
                {
                    _deadPeer.Heartbeat();
                }

                handler.OnFrame(frame);
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
                if (commands.Answered() is { } command && reply.IsError)
                {
                    handler.OnRefused(EslMessages.Refused(endpoint, command, reply.Text).Message);
                }

                return EslOutcome.Success;
            case EslContentType.DisconnectNotice:
                return EslMessages.DisconnectNotice(endpoint);
            case EslContentType.RudeRejection:
                return EslMessages.Rejected(endpoint);
            default:
                // A greeting mid-stream, or a frame type of a later FreeSWITCH: not something requested.
                return EslOutcome.Success;
        }
    }

    /// <summary>Once a second: probes a silent switch, and cancels the connection if it does not answer.</summary>
    private async Task WatchAsync(CancellationTokenSource lifetime)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(lifetime.Token))
            {
                switch (_deadPeer.Check())
                {
                    case DeadPeerCheck.Result.Ask:
                        await commands.SendAsync("api version", lifetime.Token);
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

/// <summary>
/// Decides when to probe a silent connection and when to give it up: probe after max(3 × the largest HEARTBEAT interval seen, 60 s)
/// without a byte, give up 5 s later. Any byte counts as an answer.
/// </summary>
internal sealed class DeadPeerCheck(TimeProvider time)
{
    internal static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _leastSilence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _mostInterval = TimeSpan.FromMinutes(10);

    private long _received = time.GetTimestamp();
    private long _asked;
    private long _heartbeat;
    private long _intervalTicks;

    public enum Result
    {
        /// <summary>Nothing to do.</summary>
        Fine,

        /// <summary>Send a command that has a reply.</summary>
        Ask,

        /// <summary>Close the connection.</summary>
        Dead,
    }

    /// <summary>Silence up to this long is normal.</summary>
    public TimeSpan AllowedSilence => TimeSpan.FromTicks(Math.Max(3 * Volatile.Read(ref _intervalTicks), _leastSilence.Ticks));

    public void Received() => Volatile.Write(ref _received, time.GetTimestamp());

    /// <summary>Records a HEARTBEAT: the longest interval between two (at most 10 minutes) extends the allowed silence.</summary>
    public void Heartbeat()
    {
        long now = time.GetTimestamp();
        if (_heartbeat != 0)
        {
            TimeSpan interval = time.GetElapsedTime(_heartbeat, now);
            if (interval.Ticks > _intervalTicks)
            {
                Volatile.Write(ref _intervalTicks, Math.Min(interval.Ticks, _mostInterval.Ticks));
            }
        }

        _heartbeat = now;
    }

    /// <summary>Called about once a second, by one caller.</summary>
    public Result Check()
    {
        long now = time.GetTimestamp();
        long received = Volatile.Read(ref _received);
        if (_asked > received)
        {
            return time.GetElapsedTime(_asked, now) >= ReplyTime ? Result.Dead : Result.Fine;
        }

        if (time.GetElapsedTime(received, now) < AllowedSilence)
        {
            return Result.Fine;
        }

        _asked = now;
        return Result.Ask;
    }
}
