using HepBridge.Diagnostics;
using HepBridge.Outputs.Routing;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// One object of <c>hep_config</c> over TCP or TLS: a link to each of its servers, and the spool they share. Packets of a link without a
/// connection move to the others; what no link can send in time goes to the spool.
/// </summary>
internal sealed class StreamOutput : IOutput
{
    /// <summary>Largest packet that Homer's collectors accept from a stream; a larger one makes them close the connection.</summary>
    public const int MaxPacket = 65_507;

    private static readonly TimeSpan _tickInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _drainStep = TimeSpan.FromMilliseconds(5);
    private readonly CollectorLink[] _links;
    private readonly ServerRouter _router;
    private readonly CollectorRouter _routing;
    private readonly StreamTimings _timings;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _spoolFlush;
    private readonly TimeSpan _tick;
    private Task _ticker = Task.CompletedTask;
    private Task _syncing = Task.CompletedTask;
    private long _syncedAt;
    private SpoolDrain? _drain;
    private Spool? _spool;
    private volatile bool _closed;

    /// <summary>
    /// Creates the links with <paramref name="makeLinks"/>: each uses the given counters and calls the given action when its health changes. What
    /// is unsent for longer than <paramref name="spoolFlush"/> goes to the spool, once there is one.
    /// </summary>
    public StreamOutput(
        string name, Func<OutputCounters, Action, CollectorLink[]> makeLinks, ServerRouter router, TimeSpan spoolFlush, StreamTimings timings, ILogger logger,
        TimeProvider time)
    {
        Name = name;
        Counters = new OutputCounters();
        _links = makeLinks(Counters, UpdateHealth);
        Rings = [.. _links.Select(link => link.Ring)];
        _router = router;
        _routing = new CollectorRouter(_links, router);
        _timings = timings;
        _logger = logger;
        _time = time;
        _spoolFlush = spoolFlush;
        _tick = TimeSpan.FromTicks(Math.Clamp((spoolFlush / 4).Ticks, _shortestTick.Ticks, _tickInterval.Ticks));
    }

    public string Name { get; }

    public OutputCounters Counters { get; }

    public PacketQueue[] Rings { get; }

    public long Moves => _routing.Moves;

    public OutputState State
    {
        get
        {
            OutputState links = _links.Aggregate(default(OutputState), (sum, link) => sum + link.State);
            return Volatile.Read(ref _spool) is not { } spool
                ? links
                : links with { SpoolBytes = spool.Bytes, SpoolCapacity = spool.Capacity, SpoolRefuses = spool.Refuses, Problem = _drain?.Failure?.Reason };
        }
    }

    public IReadOnlyList<CollectorLink> Links => _links;

    public void Start()
    {
        Array.ForEach(_links, link => link.Start());
        _ticker = Task.Run(() => TickAsync(_stop.Token));
    }

    /// <summary>Attaches a spool and takes ownership of it; once.</summary>
    public void AttachSpool(Spool spool)
    {
        _drain = new SpoolDrain(Name, spool, _links, _router, _timings, _time, _logger);
        _drain.Start();
        Volatile.Write(ref _spool, spool);
    }

    public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
    {
        Counters.AddOffered();
        if (packet.Length > MaxPacket)
        {
            Counters.AddDropped(DropReason.TooLarge);
            return;
        }

        if (_closed)
        {
            Counters.AddDropped(DropReason.Shutdown);
            return;
        }

        Counters.AddTaken(1);
        EnqueueResult answer = _routing.TryAppend(packet, kind);
        if (answer != EnqueueResult.Taken)
        {
            Counters.AddTaken(-1);
            Counters.AddDropped(Reason(answer));
        }
    }

    public void Flush() => Array.ForEach(_links, static link => link.Flush());

    /// <inheritdoc/>
    /// <remarks>Nothing can be offered afterwards. Without any connection, a spool takes the rest at once.</remarks>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        Flush();
        while (Counters.Queued > 0 && !cancellationToken.IsCancellationRequested && (_spool is null || _links.Any(link => link.IsHealthy)))
        {
            await Task.Delay(_drainStep, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stop.CancelAsync();
        await _ticker;

        // Finish what it has started to send and mark it as sent, so that the next start does not send it again.
        Task drained = _drain?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await Task.WhenAny(drained, Task.Delay(_timings.CloseGrace, _time, CancellationToken.None));
        await Task.WhenAll(_links.Select(link => link.DisposeAsync().AsTask()));
        await drained;
        if (_spool is not null)
        {
            Array.ForEach(_links, link => link.Packets.SpoolOlder(_spool, long.MaxValue));
            await _syncing;
            _spool.Sync();
            _spool.Dispose();
        }

        Log.StreamStopped(_logger, Name, Counters.Sent, Counters.Spooled, lost: DropRest());
        _stop.Dispose();
    }

    public async ValueTask DisposeAsync() => await DrainAsync(new CancellationToken(canceled: true));

    private DropReason Reason(EnqueueResult answer) =>
        answer == EnqueueResult.BackPressure ? DropReason.BackPressure : _spool is { Refuses: true } ? DropReason.SpoolFull : DropReason.RingFull;

    private void UpdateHealth()
    {
        _routing.UpdateHealth();
        _drain?.Wake();
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        long certificatesChecked = _time.GetTimestamp();
        using PeriodicTimer timer = new(_tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                bool checkCertificates = _time.GetElapsedTime(certificatesChecked) > _timings.CertificateCheck;
                certificatesChecked = checkCertificates ? _time.GetTimestamp() : certificatesChecked;
                foreach (CollectorLink link in _links)
                {
                    link.Check();
                    if (checkCertificates)
                    {
                        link.RenewIfChanged();
                    }
                }

                _routing.MoveToHealthy();
                SpoolOld();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stop requested.
        }
    }

    private void SpoolOld()
    {
        Spool? spool = Volatile.Read(ref _spool);
        foreach (CollectorLink link in _links)
        {
            // A packet of the epoch before the last full one has waited two to three ticks, less than the time it may be unsafe.
            long old = link.Ring.NextEpoch() - 2;
            if (spool is not null)
            {
                link.Packets.SpoolOlder(spool, old);
            }
        }

        // Not in the ticks: a slow disk must not delay writing packets to their file.
        if (spool is { NeedsSync: true } && _syncing.IsCompleted && _time.GetElapsedTime(_syncedAt) >= _spoolFlush)
        {
            _syncedAt = _time.GetTimestamp();
            _syncing = Task.Run(spool.Sync);
        }

        _drain?.Wake();
    }

    private long DropRest()
    {
        long lost = 0;
        foreach (CollectorLink link in _links)
        {
            while (link.Ring.Take() is { } block)
            {
                lost += block.RestPackets;
                Counters.AddLeft(block.RestPackets);
                Counters.AddDropped(DropReason.Shutdown, block.RestPackets);
                link.Ring.Advance(block, block.RestPackets, block.Rest.Length);
                link.Ring.Release(block);
            }
        }

        return lost;
    }
}
