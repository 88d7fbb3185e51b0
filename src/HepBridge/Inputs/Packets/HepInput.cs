using System.Globalization;
using System.Net.Sockets;
using HepBridge.Collector.Receiving;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Packets;

/// <summary>A port for HEP3 packets from the switch's own capture and from other agents, which are passed to every output.</summary>
internal sealed class HepInput : IInput
{
    private const int WantedReceiveBuffer = 8 * 1_024 * 1_024;
    private static readonly TimeSpan _retryInterval = TimeSpan.FromSeconds(5);
    private readonly EventPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RejectionWarnings<PacketReject> _warnings;
    private readonly DropWarnings _drops;
    private volatile PacketDatagrams? _datagrams;
    private volatile HepInputConfiguration _configuration;
    private volatile SenderFilter _allowed;
    private volatile InputState _state;

    public HepInput(HepInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<HepInput> logger)
    {
        _pipeline = pipeline;
        _time = time;
        _logger = logger;
        _configuration = configuration;
        _allowed = new SenderFilter(configuration.AllowedSenders);
        _state = new InputState(false, time.GetUtcNow(), null);
        _warnings = new RejectionWarnings<PacketReject>(configuration.Identity, logger, time, PacketRejects.Advice);
        _drops = new DropWarnings(configuration.Identity, logger, time);
        Binding = new InputBinding(configuration.Identity, new ReportPlan(configuration.Reports));
        JoinIfAsked();
    }

    public InputConfiguration Configuration => _configuration;

    public InputBinding Binding { get; }

    public InputState State => _state;

    public string UpWord => "listening";

    public PacketCounters Counters { get; } = new();

    public IEnumerable<(string Reason, long Count)> Refused => Counters.RejectedReasons.Select(rejected => (rejected.Reason.ToString(), rejected.Count));

    /// <summary>The open UDP port; 0: none. For tests that listen on port 0.</summary>
    public int Port { get; private set; }

    public Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (next is not HepInputConfiguration configuration || !configuration.IsSameListener(_configuration))
        {
            return Task.FromResult(false);
        }

        lock (_pipeline.Gate)
        {
            _configuration = configuration;
            _allowed = new SenderFilter(configuration.AllowedSenders);
            Binding.Plan = new ReportPlan(configuration.Reports);
        }

        JoinIfAsked();

        return Task.FromResult(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            string problem;
            try
            {
                await ListenAsync(cancellationToken);
                return;
            }
            catch (IOException e)
            {
                problem = e.Message;
            }
            catch (SocketException e)
            {
                problem = $"Reading from {_configuration.Listen} failed ({e.Message}).";
            }

            if (_state.Problem != problem)
            {
                Log.HepInputWaiting(_logger, Binding.Name, problem, _retryInterval.TotalSeconds);
            }

            _state = _state.Next(false, problem, _time.GetUtcNow());
            await Task.Delay(_retryInterval, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public void Tick()
    {
        _warnings.Tick();
        _datagrams?.UpdateKernelDrops();
        _drops.Tick(Counters.KernelDrops);
    }

    /// <summary>Logs the totals; <see cref="RunAsync"/> closes the sockets.</summary>
    public void Dispose()
    {
        string refused = string.Join(", ", Refused.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Reason} {one.Count}")));
        Log.HepInputEnded(_logger, Binding.Name, Counters.Packets, refused.Length == 0 ? "none" : refused, Counters.KernelDrops);
    }

    private void JoinIfAsked()
    {
        if (_configuration.Reports.Packets.SipCorrelation == SipCorrelation.Joined)
        {
            lock (_pipeline.Gate)
            {
                _pipeline.JoinSip();
            }
        }
    }

    // The agent's own tick is too slow for packets held for half a second.
    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(SipJoiner.TickMilliseconds), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                lock (_pipeline.Gate)
                {
                    _pipeline.ReleaseWaitingPackets();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The input is stopping.
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        (Socket datagrams, Socket? connections) = HepSockets.Bind(_configuration.Listen, _configuration.Tcp);
        using (datagrams)
        using (connections)
        using (CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            int granted = ReceiveQueue.Enlarge(datagrams, WantedReceiveBuffer);
            Port = ((System.Net.IPEndPoint)datagrams.LocalEndPoint!).Port;
            Log.HepInputListening(_logger, datagrams.LocalEndPoint!.ToString()!, connections is null ? "UDP" : "UDP and TCP");
            if (granted < WantedReceiveBuffer)
            {
                Log.HepInputBuffer(_logger, Binding.Name, granted, WantedReceiveBuffer);
            }

            _datagrams = new PacketDatagrams(datagrams, MakeIntake(), Counters, () => _allowed);
            _state = _state.Next(true, null, _time.GetUtcNow());
            List<Task> loops = [_datagrams.RunAsync(ended.Token), ReleaseAsync(ended.Token)];
            if (connections is not null)
            {
                loops.Add(new PacketConnections(connections, MakeIntake, Counters, () => _allowed).RunAsync(ended.Token));
            }

            try
            {
                // If one fails, it ends the other, and both are reopened.
                await await Task.WhenAny(loops);
            }
            finally
            {
                await ended.CancelAsync();
                _datagrams = null;
                await Task.WhenAll(loops);
            }
        }
    }

    /// <summary>One per reading thread.</summary>
    internal PacketIntake MakeIntake() => new(_pipeline, Binding, Counters, _warnings) { Configuration = () => _configuration };
}
