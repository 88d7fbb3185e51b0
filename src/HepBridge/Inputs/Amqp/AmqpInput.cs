using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Amqp;

/// <summary>Consumes mod_amqp's events from a RabbitMQ broker, alone or in a group of agents, and acknowledges what the outputs have taken.</summary>
internal sealed class AmqpInput : IInput, IPeerSource, ISessionHandler
{
    private const int MostSwitches = 4_096;
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(10);
    private readonly EventParser _dumpParser = new();
    private readonly EventPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeerWatch _peers;
    private readonly OutputWatch _outputs = new();
    private readonly HashSet<string> _excused = [];
    private readonly EventAge _age;
    private volatile AmqpInputConfiguration _configuration;
    private volatile InputState _state;
    private volatile BrokerSession? _session;
    private volatile SwitchRebuild? _rebuild;
    private volatile AmqpGroup? _group;
    private volatile string? _blocked;
    private Task _releasing = Task.CompletedTask;
    private long _known;
    private long _unknown;
    private long _redelivered;
    private long _acknowledgedHeld;
    private long _waiting;
    private bool _isPaused;
    private bool _keyWarned;

    public AmqpInput(AmqpInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<AmqpInput> logger)
    {
        _pipeline = pipeline;
        _time = time;
        _logger = logger;
        _configuration = configuration;
        _state = new InputState(false, time.GetUtcNow(), null);
        _age = new EventAge(time);
        Binding = new InputBinding(configuration.Identity, new ReportPlan(configuration.Reports)) { Settled = Settle };
        _peers = new PeerWatch(Binding, pipeline, configuration.PeerTimeout, logger);
    }

    public InputConfiguration Configuration => _configuration;

    public InputBinding Binding { get; }

    public InputState State => _state.IsUp && Problem is { } problem ? _state with { Problem = problem } : _state;

    public IReadOnlyCollection<Peer> Peers => _peers.Peers;

    public int PeersUp => _peers.Up;

    /// <summary>Messages that wait in the queues, when they were last counted.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Deliveries that are not acknowledged. Under the pipeline's lock.</summary>
    public long Unacknowledged => _session?.Unacknowledged ?? 0;

    /// <summary>Deliveries that the broker had sent to some consumer before.</summary>
    public long Redelivered => Volatile.Read(ref _redelivered);

    /// <summary>Held events acknowledged before they were reported, because too many were held for the prefetch.</summary>
    public long AcknowledgedHeld => Volatile.Read(ref _acknowledgedHeld);

    /// <summary>How old events are when they are read.</summary>
    public TimeSpan Lag => _age.Lag(isWaiting: Waiting > 0);

    /// <summary>Channels in progress that switches told about when their events began to reach this agent.</summary>
    public long KnownChannels => Volatile.Read(ref _known) + (_rebuild?.Known ?? 0);

    /// <summary>Channels in progress that they listed, and nothing is known of.</summary>
    public long UnknownChannels => Volatile.Read(ref _unknown) + (_rebuild?.Unknown ?? 0);

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

            if (_keyWarned)
            {
                return "Routing keys name events, so a switch's events may reach several agents: set format_fields to \"#FreeSWITCH,FreeSWITCH-Hostname\" in amqp.conf.xml.";
            }

            TimeSpan lag = Lag;

            // Without a backlog it is the switch's clock that is off.
            return lag > _configuration.MaxLag && (Waiting > 0 || _isPaused)
                ? FormattableString.Invariant($"Events are {lag.TotalSeconds:0} s old when they are read, and {Waiting} messages wait in the queue: {(_isPaused ? "the collectors are too slow or away" : "add agents and partitions, or report less")}.")
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
        _outputs.Refresh(_pipeline.Outputs);
        foreach (IOutput output in _outputs.Excused)
        {
            if (_excused.Add(output.Name))
            {
                Log.AmqpOutputExcused(_logger, Binding.Name, output.Name);
            }
        }

        _excused.RemoveWhere(name => _outputs.Excused.All(output => output.Name != name));
        bool isPaused = _session is not null && _outputs.IsCongested;
        if (isPaused != _isPaused)
        {
            _isPaused = isPaused;
            if (isPaused)
            {
                Log.AmqpPaused(_logger, Binding.Name);
            }
            else
            {
                Log.AmqpResumed(_logger, Binding.Name);
            }
        }

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

    void ISessionHandler.Process(QueueConsumer consumer, ulong tag, bool redelivered, string routingKey, ReadOnlySpan<byte> body)
    {
        // Parsed outside the lock: several queues are read at once.
        bool isEvent = consumer.Parser.TryParse(body, EventEncoding.Json, out FreeSwitchEvent e, out EventRejection rejection);
        lock (_pipeline.Gate)
        {
            if (consumer.IsStopped)
            {
                return;
            }

            Binding.Receipt = consumer.Receipt(tag);
            Binding.IsHeld = false;
            _redelivered += redelivered ? 1 : 0;
            if (isEvent)
            {
                _age.Observe(e);
                _peers.Observe(e, AddressOf(e), _time.GetUtcNow());
                ObserveSwitch(consumer, e, routingKey);
                if (_pipeline.Process(e, Binding) && _rebuild is { } rebuild)
                {
                    rebuild.Hint(HostOf(e), e.Get(KnownHeader.UniqueId).Raw);
                }
            }
            else
            {
                _pipeline.CountMalformed(Binding, rejection);
            }

            _acknowledgedHeld += consumer.Ledger.Add(tag, Binding.IsHeld) ? 0 : 1;
        }
    }

    void ISessionHandler.OnDepth(long waiting) => Volatile.Write(ref _waiting, waiting);

    private static SenderAddress AddressOf(scoped in FreeSwitchEvent e)
    {
        // Only HEARTBEATs tell a peer's address.
        Span<byte> scratch = stackalloc byte[64];
        return e.Kind == EventKind.Heartbeat && Hep.HepAddress.TryParse(e.Get(KnownHeader.FreeSwitchIPv4).Decode(scratch), out Hep.HepAddress address)
            ? SenderAddress.From(System.Net.IPAddress.Parse(address.ToString()))
            : default;
    }

    private async Task<string> ConsumeAsync(CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(_configuration, _time);
        BrokerConnection broker = await connector.ConnectAsync("events", cancellationToken);
        try
        {
            _outputs.Refresh(_pipeline.Outputs);
            using BrokerSession session = new(_configuration, broker, _pipeline, this, _time);
            _session = session;
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            AmqpGroup group = new(() => session.Load, (surplus, agents) => Release(session, surplus, agents, end.Token), _time);
            BrokerControl control = new(_configuration, group, SetBlocked, _time);
            _group = _configuration.IsShared ? group : null;
            _rebuild = _configuration.CommandExchange is null ? null : new SwitchRebuild(Binding.Name, control, OnDump, _time, _logger);
            await session.StartAsync(BindingKeys.Of(_configuration, Binding.Plan), _outputs, cancellationToken);
            _state = _state.Next(true, null, _time.GetUtcNow());
            Log.AmqpConnected(_logger, Binding.Name, broker.Connection.Endpoint.ToString(), session.Queues, session.WaitingAtStart);
            Task aside = Task.WhenAll(control.RunAsync(end.Token), _rebuild?.RunAsync(end.Token) ?? Task.CompletedTask);
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
                _session = null;
                _known = KnownChannels;
                _unknown = UnknownChannels;
                _rebuild = null;
                _group = null;
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

    private static string HostOf(scoped in FreeSwitchEvent e)
    {
        Span<byte> scratch = stackalloc byte[EventLimits.MaxName];
        return System.Text.Encoding.UTF8.GetString(e.Get(KnownHeader.FreeSwitchHostname).DecodeId(scratch));
    }

    // The first event of a switch on a queue: this agent may have it from another one, with calls in progress.
    private void ObserveSwitch(QueueConsumer consumer, scoped in FreeSwitchEvent e, string routingKey)
    {
        WarnOfKey(routingKey, e);
        ReadOnlySpan<byte> core = e.Get(KnownHeader.CoreUuid).Raw;
        if (consumer.Switches.Count < MostSwitches && !core.IsEmpty && !consumer.Switches.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(core))
        {
            consumer.Switches.Add(core.ToArray());
            _rebuild?.Add(HostOf(e));
        }
    }

    private void OnDump(ReadOnlySpan<byte> plainEvent)
    {
        lock (_pipeline.Gate)
        {
            Binding.Receipt = 0;
            if (_dumpParser.TryParse(plainEvent, EventEncoding.Plain, out FreeSwitchEvent e, out EventRejection rejection))
            {
                _pipeline.Process(e, Binding);
            }
            else
            {
                _pipeline.CountMalformed(Binding, rejection);
            }

            _pipeline.EndBatch();
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

    private void Settle(long receipt) => _session?.Settle(receipt);

    // A hash of the whole routing key decides which queue gets an event.
    private void WarnOfKey(string routingKey, scoped in FreeSwitchEvent e)
    {
        if (_configuration.IsShared && !_keyWarned && e.Kind != EventKind.Other)
        {
            string name = System.Text.Encoding.ASCII.GetString(e.Name);
            if (routingKey.Contains(name, StringComparison.Ordinal))
            {
                _keyWarned = true;
                Log.AmqpKeyNamesEvent(_logger, Binding.Name, DisplayText.Value(routingKey), name);
            }
        }
    }
}
