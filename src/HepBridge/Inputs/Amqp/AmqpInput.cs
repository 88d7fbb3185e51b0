using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Amqp;

/// <summary>Consumes mod_amqp's events from a RabbitMQ broker, alone or in a group of agents, and acknowledges what the outputs have taken.</summary>
internal sealed class AmqpInput : IInput, IPeerSource
{
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(10);
    private readonly EventPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeerWatch _peers;
    private readonly OutputPause _pause;
    private readonly RebuildCounters _channels = new();
    private volatile AmqpInputConfiguration _configuration;
    private volatile InputState _state;
    private volatile BrokerSession? _session;
    private volatile AmqpGroup? _group;
    private volatile string? _blocked;
    private Task _releasing = Task.CompletedTask;
    private long _waiting;

    public AmqpInput(AmqpInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<AmqpInput> logger)
    {
        _pipeline = pipeline;
        _time = time;
        _logger = logger;
        _configuration = configuration;
        _state = new InputState(false, time.GetUtcNow(), null);
        HeldDeliveries held = new();
        Binding = new InputBinding(configuration.Identity, new ReportPlan(configuration.Reports)) { Settled = held.Settle };
        _peers = new PeerWatch(Binding, pipeline, configuration.PeerTimeout, logger);
        _pause = new OutputPause(Binding, logger);
        Intake = new DeliveryIntake(configuration, pipeline, Binding, _peers, held, time, logger);
    }

    public InputConfiguration Configuration => _configuration;

    public InputBinding Binding { get; }

    public InputState State => _state.IsUp && Problem is { } problem ? _state with { Problem = problem } : _state;

    /// <summary>Processes the deliveries.</summary>
    public DeliveryIntake Intake { get; }

    public IReadOnlyCollection<Peer> Peers => _peers.Peers;

    public int PeersUp => _peers.Up;

    /// <summary>Messages that wait in the queues, when they were last counted.</summary>
    public long Waiting => _session?.Waiting ?? Volatile.Read(ref _waiting);

    /// <summary>Deliveries that are not acknowledged. Under the pipeline's lock.</summary>
    public long Unacknowledged => _session?.Unacknowledged ?? 0;

    /// <summary>How old events are when they are read.</summary>
    public TimeSpan Lag => Intake.Lag(isWaiting: Waiting > 0);

    /// <summary>Channels in progress that switches told about when their events began to reach this agent.</summary>
    public long KnownChannels => _channels.Known;

    /// <summary>Channels in progress that they listed, and nothing is known of.</summary>
    public long UnknownChannels => _channels.Unknown;

    /// <summary>Queues that bring events.</summary>
    public int BusyQueues => _session?.Load ?? 0;

    /// <summary>Agents that share the queues, this one included.</summary>
    public int Agents => _group?.Agents ?? 0;

    private string? Problem
    {
        get
        {
            if (_blocked is { } reason)
            {
                return $"The broker blocks publishers ({reason}): the switches' events wait in mod_amqp and are lost once its queue is full. Free the broker's memory or disk.";
            }

            if (Intake.IsKeySplit)
            {
                return "Routing keys name events, so a switch's events may reach several agents: set format_fields to \"#FreeSWITCH,FreeSWITCH-Hostname\" in amqp.conf.xml.";
            }

            TimeSpan lag = Lag;

            // Without a backlog it is the switch's clock that is off.
            return lag > _configuration.MaxLag && (Waiting > 0 || _pause.IsPaused)
                ? FormattableString.Invariant($"Events are {lag.TotalSeconds:0} s old when they are read, and {Waiting} messages wait in the queue: {(_pause.IsPaused ? "the collectors are too slow or away" : "add agents and partitions, or report less")}.")
                : null;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(Random.Shared);
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            long since = _time.GetTimestamp();
            string reason;
            try
            {
                reason = await ConsumeAsync(cancellationToken);
            }
            catch (BrokerException e)
            {
                reason = e.Message;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            if (_time.GetElapsedTime(since) > _settled)
            {
                backoff.Reset();
                failures = 0;
            }

            TimeSpan wait = backoff.Next();
            LogDisconnected(reason, ++failures, wait);
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Applies new report options, and changes the bindings accordingly.</summary>
    public async Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (next is not AmqpInputConfiguration configuration || !configuration.IsSameConsumer(_configuration))
        {
            return false;
        }

        ReportPlan plan = new(configuration.Reports);
        IReadOnlyList<string> before = BindingKeys.Of(_configuration, Binding.Plan);
        lock (_pipeline.Gate)
        {
            _configuration = configuration;
            Binding.Plan = plan;
        }

        if (_session is not { } session)
        {
            return true;
        }

        try
        {
            await session.Topology.ChangeBindingsAsync(before, BindingKeys.Of(configuration, plan), cancellationToken);
            return true;
        }
        catch (Exception e) when (BrokerFaults.IsFault(e))
        {
            // The connection is gone, or the broker refuses: a new input says why.
            return false;
        }
    }

    /// <summary>Looks at the outputs, and for switches that went down.</summary>
    public void Tick()
    {
        _pause.Tick(_pipeline.Outputs, isReading: _session is not null);
        lock (_pipeline.Gate)
        {
            _peers.Tick(_time.GetUtcNow());
            _pipeline.EndBatch();
        }
    }

    public void Dispose()
    {
        // The connection ends with RunAsync.
    }

    private async Task<string> ConsumeAsync(CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(_configuration, _time);
        BrokerConnection broker = await connector.ConnectAsync("events", cancellationToken);
        try
        {
            _pause.Tick(_pipeline.Outputs, isReading: false);
            using BrokerSession session = new(_configuration, broker, _pipeline, Intake, _time);
            _session = session;
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            AmqpGroup group = new(() => session.Load, (surplus, agents) => Release(session, surplus, agents, end.Token), _time);
            BrokerControl control = new(_configuration, group, SetBlocked, _time);
            _group = _configuration.IsMember ? group : null;
            SwitchRebuild? rebuild = _configuration.CommandExchange is null || _configuration.IsTemporary ? null : new SwitchRebuild(Binding.Name, control, new ChannelDumps(_pipeline, Binding).Process, _channels, _time, _logger);
            Intake.Rebuild = rebuild;
            await session.StartAsync(BindingKeys.Of(_configuration, Binding.Plan), _pause.Outputs, cancellationToken);
            _state = _state.Next(true, null, _time.GetUtcNow());
            Log.AmqpConnected(_logger, Binding.Name, broker.Connection.Endpoint.ToString(), session.Queues, session.Waiting);
            Task aside = Task.WhenAll(control.RunAsync(end.Token), rebuild?.RunAsync(end.Token) ?? Task.CompletedTask);
            string reason = await session.RunAsync(cancellationToken);
            await end.CancelAsync();
            await aside;
            await _releasing;
            return reason;
        }
        catch (Exception e) when (BrokerFaults.IsFault(e))
        {
            throw broker.Faults.Wrap(e);
        }
        finally
        {
            lock (_pipeline.Gate)
            {
                Volatile.Write(ref _waiting, Waiting);
                _session = null;
                _group = null;
                Intake.Rebuild = null;
                if (_configuration.IsMember)
                {
                    // Other agents may get their queues now: what they say of these switches is true from then on.
                    _peers.ForgetAll();
                }

                _pipeline.EndBatch();
            }

            await BrokerConnector.CloseAsync(broker.Connection);
        }
    }

    private void LogDisconnected(string reason, int failures, TimeSpan wait)
    {
        InputState before = _state;
        _state = _state.Next(false, reason, _time.GetUtcNow());
        if (before.IsUp || before.Problem != _state.Problem)
        {
            Log.AmqpDisconnected(_logger, Binding.Name, _state.Problem!, wait.TotalSeconds);
        }
        else
        {
            Log.AmqpStillDisconnected(_logger, Binding.Name, _state.Problem!, failures, wait.TotalSeconds);
        }
    }

    private void Release(BrokerSession session, int surplus, int agents, CancellationToken cancellationToken)
    {
        if (_releasing.IsCompleted)
        {
            _releasing = session.ReleaseAsync(surplus, OnReleased, cancellationToken);
        }

        // Its calls belong to another agent now.
        void OnReleased(QueueConsumer consumer)
        {
            Log.AmqpReleased(_logger, Binding.Name, consumer.Queue, agents);
            foreach (byte[] core in consumer.Switches)
            {
                _peers.Forget(core);
                _pipeline.ForgetSwitch(core);
            }
        }
    }

    private void SetBlocked(string? reason)
    {
        if (reason is not null && _blocked is null)
        {
            Log.AmqpBlocked(_logger, Binding.Name, DisplayText.Value(reason));
        }
        else if (reason is null && _blocked is not null)
        {
            Log.AmqpUnblocked(_logger, Binding.Name);
        }

        _blocked = reason;
    }
}
