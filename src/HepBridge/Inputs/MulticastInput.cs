using System.Globalization;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>One or more multicast groups: turns mod_event_multicast's datagrams into events for the pipeline, and tracks peers by their HEARTBEATs.</summary>
internal sealed class MulticastInput : IMulticastHandler, IInput, IPeerSource
{
    private readonly EventPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MulticastReceiver _receiver;
    private readonly PeerWatch _peers;
    private readonly RejectionWarnings<DatagramReject> _warnings;
    private readonly DropWarnings _drops;
    private readonly HashSet<string> _listening = [];
    private readonly Dictionary<string, string> _waiting = [];
    private volatile MulticastInputConfiguration _configuration;
    private volatile InputState _state;
    private bool _bufferWarned;

    public MulticastInput(MulticastInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<MulticastInput> logger)
    {
        _pipeline = pipeline;
        _time = time;
        _logger = logger;
        _state = new InputState(false, time.GetUtcNow(), null);
        _configuration = configuration;
        Binding = new InputBinding(configuration.Identity, new ReportPlan(configuration.Reports)) { IsTrusted = configuration.Psk is not null };
        _peers = new PeerWatch(Binding, pipeline, configuration.PeerTimeout, logger);
        _warnings = new RejectionWarnings<DatagramReject>(configuration.Identity, logger, time, DatagramAdvice.For);
        _drops = new DropWarnings(configuration.Identity, logger, time);
        MulticastReceiverOptions options = new()
        {
            Addresses = configuration.Addresses,
            Port = configuration.Port,
            Interface = configuration.Interface,
            Psk = configuration.Psk,
            AllowedSenders = configuration.AllowedSenders,
        };
        _receiver = new MulticastReceiver(options, this, time);
    }

    public InputConfiguration Configuration => _configuration;

    public InputBinding Binding { get; }

    public InputState State => _state;

    public string UpWord => "joined";

    public IEnumerable<(string Reason, long Count)> Refused => Counters.RejectedReasons.Select(rejected => (rejected.Reason.ToString(), rejected.Count));

    public MulticastCounters Counters => _receiver.Counters;

    /// <summary>The switches heard, up or down. Requires the pipeline's lock.</summary>
    public IReadOnlyCollection<Peer> Peers => _peers.Peers;

    /// <summary>HEARTBEATs of further switches ignored because the table was full.</summary>
    public long PeersRefused => _peers.Refused;

    /// <summary>Number of switches that are up. Requires the pipeline's lock.</summary>
    public int PeersUp => _peers.Up;

    public Task RunAsync(CancellationToken cancellationToken) => _receiver.RunAsync(cancellationToken);

    /// <summary>Applies new report options.</summary>
    public Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (next is not MulticastInputConfiguration configuration || !configuration.IsSameReceiver(_configuration))
        {
            return Task.FromResult(false);
        }

        lock (_pipeline.Gate)
        {
            _configuration = configuration;
            Binding.Plan = new ReportPlan(configuration.Reports);
        }

        return Task.FromResult(true);
    }

    public void OnBatch(MulticastBatch batch)
    {
        DateTimeOffset now = _time.GetUtcNow();
        for (int i = 0; i < batch.Count; i++)
        {
            // Parsed outside the lock, so that other inputs are read in parallel.
            bool isEvent = batch.TryParse(i, out FreeSwitchEvent e, out EventRejection rejection);
            lock (_pipeline.Gate)
            {
                if (!isEvent)
                {
                    _pipeline.CountMalformed(Binding, rejection);
                    continue;
                }

                _peers.Observe(e, batch.Sender(i), now);
                _pipeline.Process(e, Binding);
            }
        }

        lock (_pipeline.Gate)
        {
            _pipeline.EndBatch();
        }
    }

    public void OnRejected(DatagramReject reason, SenderAddress sender) => _warnings.Add(reason, sender);

    public void OnListener(MulticastListenerStatus status)
    {
        lock (_listening)
        {
            // One at a time, so that the log keeps the order of changes.
            string address = status.Address.ToString();
            if (status.State == ListenerState.Waiting)
            {
                _listening.Remove(address);
                _waiting[address] = status.Problem ?? $"{address} is not joined yet.";
                UpdateState();
                Log.MulticastWaiting(_logger, status.Problem ?? address);
                return;
            }

            _listening.Add(address);
            _waiting.Remove(address);
            UpdateState();
            string place = status.Interface is null ? "" : $" on {status.Interface}";
            if (status.State == ListenerState.Rejoined)
            {
                Log.MulticastRejoined(_logger, address, status.Port, place);
            }
            else
            {
                Log.MulticastListening(_logger, address, status.Port, place);
            }

            if (status.ReceiveBuffer < status.WantedReceiveBuffer && !_bufferWarned)
            {
                _bufferWarned = true;
                Log.MulticastBuffer(_logger, status.ReceiveBuffer, status.WantedReceiveBuffer);
            }
        }
    }

    /// <summary>Finds switches that went down, and logs rejected and dropped datagrams.</summary>
    public void Tick()
    {
        _warnings.Tick();
        _drops.Tick(Counters.KernelDrops);
        lock (_pipeline.Gate)
        {
            _peers.Tick(_time.GetUtcNow());
            _pipeline.EndBatch();
        }
    }

    /// <summary>Logs the totals; <see cref="RunAsync"/> closes the sockets.</summary>
    public void Dispose() =>
        Log.MulticastEnded(_logger, Binding.Name, Counters.Datagrams, Counters.Events, RefusedByReason(), Counters.KernelDrops);

    private string RefusedByReason()
    {
        string text = string.Join(", ", Refused.Select(refused => string.Create(CultureInfo.InvariantCulture, $"{refused.Reason} {refused.Count}")));
        return text.Length == 0 ? "none" : text;
    }

    private void UpdateState() =>
        _state = _state.Next(_listening.Count > 0, _waiting.Count == 0 ? null : string.Join(' ', _waiting.Values), _time.GetUtcNow());
}
