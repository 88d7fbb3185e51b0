using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Keeps one switch's event socket open: connects, logs in, subscribes, reads, and begins again after a wait whenever that ends.
/// </summary>
public sealed class EslClient : IDisposable
{
    private readonly EslClientOptions _options;
    private readonly IEslHandler _handler;
    private readonly TimeProvider _time;
    private readonly EslBackoff _backoff;
    private readonly SemaphoreSlim _subscribing = new(1, 1);
    private EslSubscription _subscription;
    private EslCommandQueue? _commands;
    private volatile ChannelSync? _rebuild;
    private bool _connectedBefore;

    /// <summary>A client that does nothing until <see cref="RunAsync"/>.</summary>
    public EslClient(EslClientOptions options, IEslHandler handler, TimeProvider time)
        : this(options, handler, time, new EslBackoff(Random.Shared))
    {
    }

    /// <summary>The same with other waits between tries.</summary>
    public EslClient(EslClientOptions options, IEslHandler handler, TimeProvider time, EslBackoff backoff)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _handler, _time, _backoff) = (options, handler, time, backoff);
        _subscription = options.Subscription;
    }

    /// <summary>Works until <paramref name="cancellationToken"/> is cancelled, then returns: no failure of a switch ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        EslDisconnectReason last = EslDisconnectReason.None;
        while (true)
        {
            bool connected = false;
            EslOutcome outcome;
            try
            {
                outcome = await RunOnceAsync(() => connected = true, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                outcome = EslMessages.Stopped();
            }
            catch (Exception e)
            {
                _handler.OnDisconnected(new EslDisconnected(
                    EslDisconnectReason.Broken, EslMessages.Broken(_options.Endpoint, e.Message).Message, connected, _backoff.Failures, TimeSpan.Zero, connected));
                throw;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                _handler.OnDisconnected(new EslDisconnected(EslDisconnectReason.Stopped, EslMessages.Stopped().Message, connected, _backoff.Failures, TimeSpan.Zero, connected));
                return;
            }

            TimeSpan wait = _backoff.Next();
            _handler.OnDisconnected(new EslDisconnected(outcome.Reason, outcome.Message, connected, _backoff.Failures, wait, connected || outcome.Reason != last));
            last = outcome.Reason;
            try
            {
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Wants something else from now on: a standing connection adds with <c>event</c> and removes with <c>nixevent</c>, the next one begins so.
    /// </summary>
    public async Task ChangeSubscriptionAsync(EslSubscription wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await _subscribing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<string> commands = _subscription.CommandsTo(wanted);
            _subscription = wanted;
            EslCommandQueue? standing = _commands;
            foreach (string command in standing is null ? [] : commands)
            {
                await standing!.SendAsync(command, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SocketException)
        {
            // The reading side sees the broken connection too and reports it; the next one begins with what is wanted now.
        }
        finally
        {
            _subscribing.Release();
        }
    }

    /// <summary>A channel that isn't known just sent an event: while channels are asked for, it is asked for first. Cheap otherwise.</summary>
    public void HintChannel(ReadOnlySpan<byte> uniqueId) => _rebuild?.Hint(uniqueId);

    /// <summary>To be called after <see cref="RunAsync"/> has returned.</summary>
    public void Dispose() => _subscribing.Dispose();

    private async Task<EslOutcome> RunOnceAsync(Action connected, CancellationToken cancellationToken)
    {
        (EslConnection? connection, EslOutcome outcome) =
            await EslConnector.OpenAsync(
                _options.Endpoint, _options.Timeout, _time, cancellationToken, _options.MaxFrame, waiting: EslWaiting.OwnThread).ConfigureAwait(false);
        if (connection is null)
        {
            return outcome;
        }

        using (connection)
        using (EslCommandQueue commands = new(connection))
        {
            try
            {
                outcome = await SubscribeAsync(connection, commands, cancellationToken).ConfigureAwait(false);
                if (!outcome.IsSuccess)
                {
                    return outcome;
                }

                int failures = _backoff.Failures;
                _backoff.Reset();
                connected();
                _handler.OnConnected(new EslConnected(_options.Endpoint, failures, !_connectedBefore));
                _connectedBefore = true;
                return await StayAsync(connection, commands, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // Nobody may send on a connection that is gone: a change of the subscription holds this while it sends.
                await _subscribing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                _commands = null;
                _subscribing.Release();
            }
        }
    }

    /// <summary>Sends the whole subscription; the answer to its first command decides, later ones are told as they come.</summary>
    private async Task<EslOutcome> SubscribeAsync(EslConnection connection, EslCommandQueue commands, CancellationToken cancellationToken)
    {
        await _subscribing.WaitAsync(cancellationToken).ConfigureAwait(false);
        string first = "";
        using CancellationTokenSource limit = new(_options.Timeout, _time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            foreach (string command in _subscription.Commands())
            {
                if (first.Length > 0)
                {
                    await commands.SendAsync(command, both.Token).ConfigureAwait(false);
                    continue;
                }

                first = command;
                await connection.SendAsync(command, both.Token).ConfigureAwait(false);
                EslReply reply = await EslReply.ReceiveAsync(connection, both.Token).ConfigureAwait(false);
                if (reply.ContentType != EslContentType.CommandReply || reply.IsError)
                {
                    return reply.ContentType switch
                    {
                        EslContentType.CommandReply => EslMessages.Refused(_options.Endpoint, command, reply.Text),
                        EslContentType.DisconnectNotice => EslMessages.DisconnectNotice(_options.Endpoint),
                        null when connection.Error != EslFrameError.None => EslMessages.BadFrame(_options.Endpoint, connection.Error),
                        null => EslMessages.Closed(_options.Endpoint, connection.HasPartialFrame),
                        _ => EslMessages.NotAnEventSocket(_options.Endpoint, "it didn't answer the subscription"),
                    };
                }
            }

            _commands = commands;
            return EslOutcome.Success;
        }
        catch (SocketException e)
        {
            return EslMessages.Broken(_options.Endpoint, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EslMessages.NoReply(_options.Endpoint, first, _options.Timeout);
        }
        finally
        {
            _subscribing.Release();
        }
    }

    private async Task<EslOutcome> StayAsync(EslConnection connection, EslCommandQueue commands, CancellationToken cancellationToken)
    {
        EslSession session = new(connection, commands, _options.Endpoint, _handler, _time);
        using CancellationTokenSource lifetime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task rebuilding = _options.RebuildChannels ? RebuildAsync(lifetime) : Task.CompletedTask;
        try
        {
            return await session.RunAsync(lifetime.Token).ConfigureAwait(false);
        }
        finally
        {
            await lifetime.CancelAsync().ConfigureAwait(false);
            await rebuilding.ConfigureAwait(false);
        }
    }

    private async Task RebuildAsync(CancellationTokenSource lifetime)
    {
        ChannelSync rebuild = new(_options.Endpoint, _options.Timeout, _time);
        _rebuild = rebuild;
        try
        {
            ChannelSyncResult result = await rebuild.RunAsync(_handler.OnChannelDump, lifetime.Token).ConfigureAwait(false);
            _handler.OnChannelsRebuilt(result);
        }
        catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
        {
            // The connection for which channels were asked is gone; the next one asks again.
        }
        catch
        {
            // Nobody looks at this task before the session ends.
            await lifetime.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _rebuild = null;
        }
    }
}
