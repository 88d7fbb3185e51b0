using System.Globalization;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>A multicast group (or several): the datagrams of mod_event_multicast become events for the pipeline, HEARTBEATs make peers.</summary>
internal sealed class MulticastInput : IMulticastHandler, IInput, IPeerSource
{
    private readonly EventPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly MulticastReceiver _receiver;
    private readonly EventParser _parser = new();
    private readonly PeerTable _peers;
    private readonly List<Peer> _down = [];
    private readonly RejectionWarnings _warnings;
    private readonly DropWarnings _drops;
    private readonly HashSet<string> _listening = [];
    private readonly Dictionary<string, string> _waiting = [];
    private volatile MulticastInputConfiguration _configuration;
    private volatile InputState _state;
    private bool _bufferWarned;

    public MulticastInput(MulticastInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<MulticastInput> log)
    {
        _pipeline = pipeline;
        _time = time;
        _log = log;
        _state = new InputState(false, time.GetUtcNow(), null);
        _configuration = configuration;
        Binding = new InputBinding(configuration.Identity, new ReportPlan(configuration.Reports)) { IsTrusted = configuration.Psk is not null };
        _peers = new PeerTable(configuration.PeerTimeout);
        _warnings = new RejectionWarnings(configuration.Identity, log, time);
        _drops = new DropWarnings(configuration.Identity, log, time);
        var options = new MulticastReceiverOptions
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

    public IEnumerable<(string Reason, long Count)> Refused =>
        from reason in Enum.GetValues<DatagramReject>()
        let count = Counters.Rejected(reason)
        where count > 0
        select (reason.ToString(), count);

    /// <summary>What became of the datagrams.</summary>
    public MulticastCounters Counters => _receiver.Counters;

    /// <summary>The switches that were heard, up or down. Under the pipeline's lock.</summary>
    public IReadOnlyCollection<Peer> Peers => _peers.Peers;

    /// <summary>HEARTBEATs of further switches that found no room.</summary>
    public long PeersRefused => _peers.Refused;

    /// <summary>How many switches are up. Under the pipeline's lock.</summary>
    public int PeersUp => _peers.Up;

    public Task RunAsync(CancellationToken cancellationToken) => _receiver.RunAsync(cancellationToken);

    /// <summary>Applies other report options.</summary>
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
        lock (_pipeline.Gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            for (int i = 0; i < batch.Count; i++)
            {
                if (_parser.TryParse(batch.Event(i), EventEncoding.Plain, out FreeSwitchEvent e, out EventRejection rejection))
                {
                    ObservePeer(e, batch.Sender(i), now);
                    _pipeline.Process(e, Binding);
                }
                else
                {
                    _pipeline.CountMalformed(Binding, rejection);
                }
            }

            _pipeline.EndBatch();
        }
    }

    public void OnRejected(DatagramReject reason, SenderAddress sender) => _warnings.Add(reason, sender);

    public void OnListener(MulticastListenerStatus status)
    {
        lock (_listening)
        {
            // One after the other, so that the log's order is that of the network's.
            string address = status.Address.ToString();
            if (status.State == ListenerState.Waiting)
            {
                _listening.Remove(address);
                _waiting[address] = status.Problem ?? $"{address} is not joined yet.";
                UpdateState();
                Log.MulticastWaiting(_log, status.Problem ?? address);
                return;
            }

            _listening.Add(address);
            _waiting.Remove(address);
            UpdateState();
            string place = status.Interface is null ? "" : $" on {status.Interface}";
            if (status.State == ListenerState.Rejoined)
            {
                Log.MulticastRejoined(_log, address, status.Port, place);
            }
            else
            {
                Log.MulticastListening(_log, address, status.Port, place);
            }

            if (status.ReceiveBuffer < status.WantedReceiveBuffer && !_bufferWarned)
            {
                _bufferWarned = true;
                Log.MulticastBuffer(_log, status.ReceiveBuffer, status.WantedReceiveBuffer);
            }
        }
    }

    /// <summary>Finds the switches that went down, and tells what was refused or dropped meanwhile.</summary>
    public void Tick()
    {
        _warnings.Tick();
        _drops.Tick(Counters.KernelDrops);
        lock (_pipeline.Gate)
        {
            _peers.Tick(_time.GetUtcNow(), _down);
            foreach (Peer peer in _down)
            {
                Log.PeerDown(_log, peer.Name, _configuration.PeerTimeout.TotalSeconds);
                Report(peer, "PEER_DOWN"u8);
            }

            _down.Clear();
            _pipeline.EndBatch();
        }
    }

    /// <summary>Its sockets end with <see cref="RunAsync"/>; what became of all datagrams is told here.</summary>
    public void Dispose() =>
        Log.MulticastEnded(_log, Binding.Name, Counters.Datagrams, Counters.Events, RefusedByReason(), Counters.KernelDrops);

    private string RefusedByReason()
    {
        string text = string.Join(", ", Refused.Select(refused => string.Create(CultureInfo.InvariantCulture, $"{refused.Reason} {refused.Count}")));
        return text.Length == 0 ? "none" : text;
    }

    private void ObservePeer(scoped in FreeSwitchEvent e, SenderAddress sender, DateTimeOffset now)
    {
        Span<byte> scratch = stackalloc byte[256];
        HeaderValue name = EventText.FirstOf(e, KnownHeader.FreeSwitchSwitchname, KnownHeader.FreeSwitchHostname);
        PeerChange change = _peers.Observe(
            name.DecodeId(scratch), e.Get(KnownHeader.CoreUuid).Raw, sender, e.Kind == EventKind.Heartbeat, now, out Peer? peer);
        switch (change)
        {
            case PeerChange.Up:
                // It may have been restarted while nobody heard it.
                _pipeline.ForgetSwitch(peer!.EarlierCoreUuid);
                Log.PeerUp(_log, peer.Name, peer.Address.ToString());
                Report(peer, "PEER_UP"u8);
                break;
            case PeerChange.Restarted:
                Log.PeerRestarted(_log, peer!.Name, peer.Address.ToString());
                _pipeline.ForgetSwitch(peer.EarlierCoreUuid);
                Report(peer, "PEER_RESTARTED"u8);
                break;
            case PeerChange.NameConflict:
                Log.PeerNameConflict(_log, peer!.Name);
                break;
        }
    }

    private void UpdateState() =>
        _state = _state.Next(_listening.Count > 0, _waiting.Count == 0 ? null : string.Join(' ', _waiting.Values), _time.GetUtcNow());

    private void Report(Peer peer, ReadOnlySpan<byte> state)
    {
        if (Binding.Plan.Options.PeerEvents)
        {
            _pipeline.ReportPeer(Binding, state, Encoding.UTF8.GetBytes(peer.Name), Hep.HepAddress.From(peer.Address.ToIPAddress()));
        }
    }
}
