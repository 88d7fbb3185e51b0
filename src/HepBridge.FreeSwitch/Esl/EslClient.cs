using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Keeps a connection to one switch's event socket: connects, logs in, subscribes and reads, and starts over after a delay when that ends.
/// </summary>
public sealed class EslClient(EslClientOptions options, IEslHandler handler, TimeProvider time, Backoff backoff) : IDisposable
{
    private readonly SemaphoreSlim _subscribing = new(1, 1);
    private EslSubscription _subscription = options.Subscription;
    private EslCommandQueue? _commands;
    private volatile ChannelSync? _rebuild;
    private bool _connectedBefore;

    public EslClient(EslClientOptions options, IEslHandler handler, TimeProvider time)
        : this(options, handler, time, new Backoff(Random.Shared))
    {
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
                handler.OnDisconnected(new EslDisconnected(
                    EslDisconnectReason.Broken, EslMessages.Broken(options.Endpoint, e.Message).Message, connected, backoff.Failures, TimeSpan.Zero, connected));
                throw;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                handler.OnDisconnected(new EslDisconnected(EslDisconnectReason.Stopped, EslMessages.Stopped().Message, connected, backoff.Failures, TimeSpan.Zero, connected));
                return;
            }

            TimeSpan wait = backoff.Next();
            handler.OnDisconnected(new EslDisconnected(outcome.Reason, outcome.Message, connected, backoff.Failures, wait, connected || outcome.Reason != last));
            last = outcome.Reason;
            try
            {
                await Task.Delay(wait, time, cancellationToken);
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
                options.Endpoint, options.Timeout, time, cancellationToken, options.MaxFrame, waiting: EslWaiting.OwnThread);
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

                int failures = backoff.Failures;
                backoff.Reset();
                connected();
                handler.OnConnected(new EslConnected(options.Endpoint, failures, !_connectedBefore));
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
        using CancellationTokenSource limit = new(options.Timeout, time);
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
                    return EslMessages.Unexpected(options.Endpoint, connection, reply, "it didn't answer the subscription");
                }

                if (reply.IsError)
                {
                    return EslMessages.Refused(options.Endpoint, command, reply.Text);
                }
            }

            _commands = commands;
            return EslOutcome.Success;
        }
        catch (SocketException e)
        {
            return EslMessages.Broken(options.Endpoint, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EslMessages.NoReply(options.Endpoint, first, options.Timeout);
        }
        finally
        {
            _subscribing.Release();
        }
    }

    private async Task<EslOutcome> StayAsync(EslConnection connection, EslCommandQueue commands, CancellationToken cancellationToken)
    {
        EslSession session = new(connection, commands, options.Endpoint, handler, time);
        using CancellationTokenSource lifetime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task rebuilding = options.RebuildChannels ? RebuildAsync(lifetime) : Task.CompletedTask;
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
        ChannelSync rebuild = new(options.Endpoint, options.Timeout, time);
        _rebuild = rebuild;
        try
        {
            ChannelSyncResult result = await rebuild.RunAsync(handler.OnChannelDump, lifetime.Token);
            handler.OnChannelsRebuilt(result);
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

public sealed class EslClientOptions
{
    public required EslEndpoint Endpoint { get; init; }

    /// <summary>The initial subscription; see <see cref="EslClient.ChangeSubscriptionAsync"/>.</summary>
    public required EslSubscription Subscription { get; init; }

    /// <summary>Whether to query the channels in progress over a second, short-lived connection.</summary>
    public bool RebuildChannels { get; init; } = true;

    /// <summary>Longest wait for each of: name resolution, connection, login, first reply.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int MaxFrame { get; init; } = EslFrameReader.DefaultMaxFrame;
}
