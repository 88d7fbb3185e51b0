using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Amqp;

/// <summary>Consumes mod_amqp's events from a RabbitMQ broker, alone or in a group of agents, and acknowledges what the outputs have taken.</summary>
internal sealed class AmqpInput : Input<AmqpInputConfiguration>, IPeerSource
{
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(10);
    private readonly ILogger _logger;
    private readonly PeerWatch _peers;
    private readonly OutputPause _pause;
    private volatile BrokerSession? _session;
    private volatile AmqpGroup? _group;
    private volatile string? _blocked;
    private Task _releasing = Task.CompletedTask;
    private long _waiting;

    public AmqpInput(AmqpInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<AmqpInput> logger)
        : this(configuration, pipeline, time, logger, new HeldDeliveries())
    {
    }

    private AmqpInput(AmqpInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger logger, HeldDeliveries held)
        : base(configuration, pipeline, time, settled: held.Settle)
    {
        _logger = logger;
        _peers = new PeerWatch(Binding, pipeline, configuration.PeerTimeout, logger);
        _pause = new OutputPause(Binding, logger);
        Intake = new DeliveryIntake(configuration, pipeline, Binding, _peers, held, time, logger);
    }

    public override InputState State => base.State is { IsUp: true } state && Problem is { } problem ? state with { Problem = problem } : base.State;

    public DeliveryIntake Intake { get; }

    public PeerTable Peers => _peers.Table;

    /// <summary>Messages that wait in the queues, when they were last counted.</summary>
    public long Waiting => _session?.Waiting ?? Volatile.Read(ref _waiting);

    /// <summary>Deliveries that are not acknowledged. Under the pipeline's lock.</summary>
    public long Unacknowledged => _session?.Unacknowledged ?? 0;

    /// <summary>How old events are when they are read.</summary>
    public TimeSpan Lag => Intake.Lag(isWaiting: Waiting > 0);

    /// <summary>Channels that were in progress when switches' events began to reach this agent.</summary>
    public RebuildCounters Channels { get; } = new();

    /// <summary>Queues that bring events.</summary>
    public int BusyQueues => _session?.Load ?? 0;

    /// <summary>Agents that share the queues, this one included.</summary>
    public int Agents => _group?.Agents ?? 0;

    private string? Problem =>
        _blocked is { } reason
            ? $"The broker blocks publishers ({reason}): the switches' events wait in mod_amqp and are lost once its queue is full. Free the broker's memory or disk."
        : Intake.IsKeySplit
            ? "Routing keys name events, so a switch's events may reach several agents: set format_fields to \"#FreeSWITCH,FreeSWITCH-Hostname\" in amqp.conf.xml."

        // Without a backlog it is the switch's clock that is off.
        : Lag is { } lag && lag > Configuration.MaxLag && (Waiting > 0 || _pause.IsPaused)
            ? FormattableString.Invariant($"Events are {lag.TotalSeconds:0} s old when they are read, and {Waiting} messages wait in the queue: {(_pause.IsPaused ? "the collectors are too slow or away" : "add agents and partitions, or report less")}.")
        : null;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(Random.Shared);
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            long since = Time.GetTimestamp();
            string reason;
            try
            {
                reason = await ConsumeAsync(cancellationToken);
            }
            catch (Exception e) when (e is BrokerException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                reason = e.Message;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            if (Time.GetElapsedTime(since) > _settled)
            {
                backoff.Reset();
                failures = 0;
            }

            TimeSpan wait = backoff.Next();
            LogDisconnected(reason, ++failures, wait);
            await Task.Delay(wait, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Applies new report options, and changes the bindings accordingly.</summary>
    public override async Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> before = BindingKeys.Of(Configuration, Binding.Plan);
        if (!TryApply(next))
        {
            return false;
        }

        try
        {
            await (_session?.Topology.ChangeBindingsAsync(before, BindingKeys.Of(Configuration, Binding.Plan), cancellationToken) ?? Task.CompletedTask);
            return true;
        }
        catch (Exception e) when (BrokerFaults.IsFault(e))
        {
            // The connection is gone, or the broker refuses: a new input says why.
            return false;
        }
    }

    /// <summary>Looks at the outputs, and for switches that went down.</summary>
    public override void Tick()
    {
        _pause.Tick(Pipeline.Outputs, isReading: _session is not null);
        lock (Pipeline.Gate)
        {
            _peers.Tick(Time.GetUtcNow());
            Pipeline.EndBatch();
        }
    }

    protected override bool ReadsTheSame(AmqpInputConfiguration next) => next.IsSameConsumer(Configuration);

    private async Task<string> ConsumeAsync(CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(Configuration, Time);
        BrokerConnection broker = await connector.ConnectAsync("events", cancellationToken);
        try
        {
            _pause.Tick(Pipeline.Outputs, isReading: false);
            using BrokerSession session = new(Configuration, broker, Pipeline, Intake, Time);
            _session = session;
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            AmqpGroup group = new(() => session.Load, (surplus, agents) => Release(session, surplus, agents, end.Token), Time);
            BrokerControl control = new(Configuration, group, SetBlocked, Time);
            _group = Configuration.IsMember ? group : null;
            SwitchRebuild? rebuild = Configuration.CommandExchange is null || Configuration.IsTemporary ? null : new SwitchRebuild(Binding.Name, control, new ChannelDumps(Pipeline, Binding).Process, Channels, Time, _logger);
            Intake.Rebuild = rebuild;
            await session.StartAsync(BindingKeys.Of(Configuration, Binding.Plan), _pause.Outputs, cancellationToken);
            SetState(true, null);
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
            lock (Pipeline.Gate)
            {
                Volatile.Write(ref _waiting, Waiting);
                _session = null;
                _group = null;
                Intake.Rebuild = null;
                if (Configuration.IsMember)
                {
                    // Other agents may get their queues now: what they say of these switches is true from then on.
                    Peers.Clear();
                }

                Pipeline.EndBatch();
            }

            await BrokerConnector.CloseAsync(broker.Connection);
        }
    }

    private void LogDisconnected(string reason, int failures, TimeSpan wait)
    {
        InputState before = base.State;
        SetState(false, reason);
        string problem = base.State.Problem!;
        if (before.IsUp || before.Problem != problem)
        {
            Log.AmqpDisconnected(_logger, Binding.Name, problem, wait.TotalSeconds);
        }
        else
        {
            Log.AmqpStillDisconnected(_logger, Binding.Name, problem, failures, wait.TotalSeconds);
        }
    }

    private void Release(BrokerSession session, int surplus, int agents, CancellationToken cancellationToken)
    {
        if (_releasing.IsCompleted)
        {
            _releasing = session.ReleaseAsync(surplus, OnReleased, cancellationToken);
        }

        // Its calls belong to another agent now, which also knows whether the switch is up.
        void OnReleased(QueueConsumer consumer)
        {
            Log.AmqpReleased(_logger, Binding.Name, consumer.Queue, agents);
            foreach (byte[] core in consumer.Switches)
            {
                Peers.Forget(core);
                Pipeline.ForgetSwitch(core);
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
