using System.Net.Sockets;
using HepBridge.Collector.Receiving;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Packets;

/// <summary>A port for HEP3 packets from the switch's own capture and from other agents, which are passed to every output.</summary>
internal sealed class HepInput : Input<HepInputConfiguration>
{
    private const int WantedReceiveBuffer = 8 * 1_024 * 1_024;
    private static readonly TimeSpan _retryInterval = TimeSpan.FromSeconds(5);
    private readonly ILogger _logger;
    private readonly RejectionWarnings<PacketReject> _warnings;
    private readonly DropWarnings _drops;
    private volatile PacketDatagrams? _datagrams;
    private volatile SenderFilter _allowed;

    public HepInput(HepInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<HepInput> logger)
        : base(configuration, pipeline, time)
    {
        _logger = logger;
        _allowed = new SenderFilter(configuration.AllowedSenders);
        _warnings = new RejectionWarnings<PacketReject>(configuration.Identity, logger, time, PacketRejects.Advice);
        _drops = new DropWarnings(configuration.Identity, logger, time);
        JoinIfAsked();
    }

    public override string UpWord => "listening";

    public PacketCounters Counters { get; } = new();

    public override IEnumerable<(string Reason, long Count)> Refused => Counters.RejectedReasons.Select(rejected => (rejected.Reason.ToString(), rejected.Count));

    /// <summary>The open UDP port; 0: none. For tests that listen on port 0.</summary>
    public int Port { get; private set; }

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            string problem;
            try
            {
                await ListenAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                problem = e is IOException ? e.Message : $"Reading from {Configuration.Listen} failed ({e.Message}).";
            }

            if (State.Problem != problem)
            {
                Log.HepInputWaiting(_logger, Binding.Name, problem, _retryInterval.TotalSeconds);
            }

            SetState(false, problem);
            await Task.Delay(_retryInterval, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public override void Tick()
    {
        _warnings.Tick();
        _datagrams?.UpdateKernelDrops();
        _drops.Tick(Counters.KernelDrops);
    }

    protected override void OnEnded() => Log.HepInputEnded(_logger, Binding.Name, Counters.Packets, DescribeRefused(), Counters.KernelDrops);

    protected override bool ReadsTheSame(HepInputConfiguration next) => next.IsSameListener(Configuration);

    protected override void OnApplied()
    {
        _allowed = new SenderFilter(Configuration.AllowedSenders);
        JoinIfAsked();
    }

    private void JoinIfAsked()
    {
        if (Configuration.Reports.Packets.SipCorrelation == SipCorrelation.Joined)
        {
            lock (Pipeline.Gate)
            {
                Pipeline.JoinSip();
            }
        }
    }

    // The agent's own tick is too slow for packets held for half a second.
    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(SipJoiner.TickMilliseconds), Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                lock (Pipeline.Gate)
                {
                    Pipeline.ReleaseWaitingPackets();
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
        (Socket datagrams, Socket? connections) = HepSockets.Bind(Configuration.Listen, Configuration.Tcp);
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
            SetState(true, null);
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
    internal PacketIntake MakeIntake() => new(Pipeline, Binding, Counters, _warnings, () => Configuration);
}
