using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Keeps a connection to one switch's event socket: connects, logs in, subscribes and reads, and starts over after a delay when that ends.
/// </summary>
public sealed class EslClient : IDisposable
{
    private readonly EslClientOptions _options;
    private readonly IEslHandler _handler;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly SemaphoreSlim _subscribing = new(1, 1);
    private EslSubscription _subscription;
    private EslCommandQueue? _commands;
    private volatile ChannelSync? _rebuild;
    private bool _connectedBefore;

    public EslClient(EslClientOptions options, IEslHandler handler, TimeProvider time)
        : this(options, handler, time, new Backoff(Random.Shared))
    {
    }

    /// <summary>For tests: with other delays between attempts.</summary>
    public EslClient(EslClientOptions options, IEslHandler handler, TimeProvider time, Backoff backoff)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _handler, _time, _backoff) = (options, handler, time, backoff);
        _subscription = options.Subscription;
    }

    /// <summary>Runs until <paramref name="cancellationToken"/> is canceled; no failure of a switch ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        EslDisconnectReason last = EslDisconnectReason.None;
        while (true)
        {
            bool connected = false;
            EslOutcome outcome;
            try
            {
                outcome = await RunOnceAsync(() => connected = true, cancellationToken);
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
                await Task.Delay(wait, _time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Changes the subscription: on the current connection with <c>event</c> and <c>nixevent</c>, and for all later ones.
    /// </summary>
    public async Task ChangeSubscriptionAsync(EslSubscription wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await _subscribing.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyList<string> commands = _subscription.CommandsTo(wanted);
            _subscription = wanted;
            EslCommandQueue? standing = _commands;
            foreach (string command in standing is null ? [] : commands)
            {
                await standing!.SendAsync(command, cancellationToken);
            }
        }
        catch (SocketException)
        {
            // The reader sees the broken connection too and reports it; the next connection subscribes to the new set.
        }
        finally
        {
            _subscribing.Release();
        }
    }

    /// <summary>Call when an unknown channel has just sent an event: while channels are being queried, it goes first. Cheap otherwise.</summary>
    public void HintChannel(ReadOnlySpan<byte> uniqueId) => _rebuild?.Hint(uniqueId);

    /// <summary>Call after <see cref="RunAsync"/> has returned.</summary>
    public void Dispose() => _subscribing.Dispose();

    private async Task<EslOutcome> RunOnceAsync(Action connected, CancellationToken cancellationToken)
    {
        (EslConnection? connection, EslOutcome outcome) =
            await EslConnector.OpenAsync(
                _options.Endpoint, _options.Timeout, _time, cancellationToken, _options.MaxFrame, waiting: EslWaiting.OwnThread);
        if (connection is null)
        {
            return outcome;
        }

        using (connection)
        using (EslCommandQueue commands = new(connection))
        {
            try
            {
                outcome = await SubscribeAsync(connection, commands, cancellationToken);
                if (!outcome.IsSuccess)
                {
                    return outcome;
                }

                int failures = _backoff.Failures;
                _backoff.Reset();
                connected();
                _handler.OnConnected(new EslConnected(_options.Endpoint, failures, !_connectedBefore));
                _connectedBefore = true;
                return await StayAsync(connection, commands, cancellationToken);
            }
            finally
            {
                // A subscription change holds this while it sends, so nothing is sent on a connection that is gone.
                await _subscribing.WaitAsync(CancellationToken.None);
                _commands = null;
                _subscribing.Release();
            }
        }
    }

    /// <summary>Sends the whole subscription. The reply to its first command decides the outcome; later refusals are reported as they arrive.</summary>
    private async Task<EslOutcome> SubscribeAsync(EslConnection connection, EslCommandQueue commands, CancellationToken cancellationToken)
    {
        await _subscribing.WaitAsync(cancellationToken);
        string first = "";
        using CancellationTokenSource limit = new(_options.Timeout, _time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            foreach (string command in _subscription.Commands())
            {
                if (first.Length > 0)
                {
                    await commands.SendAsync(command, both.Token);
                    continue;
                }

                first = command;
                await connection.SendAsync(command, both.Token);
                EslReply reply = await EslReply.ReceiveAsync(connection, both.Token);
                if (reply.ContentType != EslContentType.CommandReply)
                {
                    return EslMessages.NoReply(_options.Endpoint, connection, reply, "it didn't answer the subscription");
                }

                if (reply.IsError)
                {
                    return EslMessages.Refused(_options.Endpoint, command, reply.Text);
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
            return await session.RunAsync(lifetime.Token);
        }
        finally
        {
            await lifetime.CancelAsync();
            await rebuilding;
        }
    }

    private async Task RebuildAsync(CancellationTokenSource lifetime)
    {
        ChannelSync rebuild = new(_options.Endpoint, _options.Timeout, _time);
        _rebuild = rebuild;
        try
        {
            ChannelSyncResult result = await rebuild.RunAsync(_handler.OnChannelDump, lifetime.Token);
            _handler.OnChannelsRebuilt(result);
        }
        catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
        {
            // This connection is gone; the next one queries the channels again.
        }
        catch
        {
            // Otherwise the error would go unnoticed until the session ends.
            await lifetime.CancelAsync();
            throw;
        }
        finally
        {
            _rebuild = null;
        }
    }
}
