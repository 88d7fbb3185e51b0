using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>One or more multicast groups: turns mod_event_multicast's datagrams into events for the pipeline, and tracks peers by their HEARTBEATs.</summary>
internal sealed class MulticastInput : Input<MulticastInputConfiguration>, IMulticastHandler, IPeerSource
{
    private readonly ILogger _logger;
    private readonly MulticastReceiver _receiver;
    private readonly PeerWatch _peers;
    private readonly RejectionWarnings<DatagramReject> _warnings;
    private readonly DropWarnings _drops;
    private readonly HashSet<string> _listening = [];
    private readonly Dictionary<string, string> _waiting = [];
    private bool _bufferWarned;

    public MulticastInput(MulticastInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<MulticastInput> logger)
        : base(configuration, pipeline, time, isTrusted: configuration.Psk is not null)
    {
        _logger = logger;
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

    public override string UpWord => "joined";

    public override IEnumerable<(string Reason, long Count)> Refused => Counters.RejectedReasons.Select(rejected => (rejected.Reason.ToString(), rejected.Count));

    public MulticastCounters Counters => _receiver.Counters;

    public PeerTable Peers => _peers.Table;

    public override Task RunAsync(CancellationToken cancellationToken) => _receiver.RunAsync(cancellationToken);

    public void OnBatch(MulticastBatch batch)
    {
        DateTimeOffset now = Time.GetUtcNow();
        for (int i = 0; i < batch.Count; i++)
        {
            // Parsed outside the lock, so that other inputs are read in parallel.
            bool isEvent = batch.TryParse(i, out FreeSwitchEvent e, out EventRejection rejection);
            lock (Pipeline.Gate)
            {
                if (!isEvent)
                {
                    Pipeline.CountMalformed(Binding, rejection);
                    continue;
                }

                _peers.Observe(e, batch.Sender(i), now);
                Pipeline.Process(e, Binding);
            }
        }

        lock (Pipeline.Gate)
        {
            Pipeline.EndBatch();
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
    public override void Tick()
    {
        _warnings.Tick();
        _drops.Tick(Counters.KernelDrops);
        lock (Pipeline.Gate)
        {
            _peers.Tick(Time.GetUtcNow());
            Pipeline.EndBatch();
        }
    }

    protected override void OnEnded() =>
        Log.MulticastEnded(_logger, Binding.Name, Counters.Datagrams, Counters.Events, DescribeRefused(), Counters.KernelDrops);

    protected override bool ReadsTheSame(MulticastInputConfiguration next) => next.IsSameReceiver(Configuration);

    private void UpdateState() => SetState(_listening.Count > 0, _waiting.Count == 0 ? null : string.Join(' ', _waiting.Values));
}

/// <summary>Advice for rejected datagrams.</summary>
internal static class DatagramAdvice
{
    public static string For(DatagramReject reason) => reason switch
    {
        DatagramReject.EncryptedWithoutPsk => "set MULTICAST_PSK to the senders' psk.",
        DatagramReject.PlaintextWithPsk => "set the same psk in the sender's event_multicast.conf.xml, or remove MULTICAST_PSK here.",
        DatagramReject.WrongPsk => "the sender's psk differs from MULTICAST_PSK.",
        DatagramReject.ForeignSender => "its address is not in allowed_senders.",
        DatagramReject.Truncated or DatagramReject.BadBlockLength => "something on the way truncates datagrams: check MTU and fragmentation.",
        _ => "it is not from mod_event_multicast: check for another program on this group and port.",
    };
}
