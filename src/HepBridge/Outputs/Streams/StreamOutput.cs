using HepBridge.Diagnostics;
using HepBridge.Outputs.Routing;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// One object of <c>hep_config</c> over TCP or TLS: a link to each of its servers, and the spool they share. Packets of a link without a
/// connection move to the others; what is unsent for longer than <paramref name="spoolFlush"/> goes to the spool, once there is one.
/// </summary>
internal sealed class StreamOutput(
    string name, CollectorLink[] links, OutputCounters counters, ServerRouter router, TimeSpan spoolFlush, StreamTimings timings, ILogger logger, TimeProvider time) : IOutput
{
    /// <summary>Largest packet that Homer's collectors accept from a stream; a larger one makes them close the connection.</summary>
    public const int MaxPacket = 65_507;

    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _drainStep = TimeSpan.FromMilliseconds(5);
    private readonly CollectorRouter _routing = new(links, router);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _tick = TimeSpan.FromTicks(Math.Clamp((spoolFlush / 4).Ticks, _shortestTick.Ticks, _longestTick.Ticks));
    private Task _ticker = Task.CompletedTask;
    private Task _syncing = Task.CompletedTask;
    private long _syncedAt;
    private SpoolDrain? _drain;
    private Spool? _spool;
    private volatile bool _closed;

    public string Name => name;

    public OutputCounters Counters => counters;

    public PacketQueue[] Rings { get; } = [.. links.Select(link => link.Ring)];

    public long Moves => _routing.Moves;

    public OutputState State
    {
        get
        {
            OutputState sum = links.Aggregate(default(OutputState), (all, link) => all + link.State);
            return Volatile.Read(ref _spool) is not { } spool
                ? sum
                : sum with { SpoolBytes = spool.Bytes, SpoolCapacity = spool.Capacity, SpoolRefuses = spool.Refuses, Problem = _drain?.Failure?.Reason };
        }
    }

    public IReadOnlyList<CollectorLink> Links => links;

    public void Start()
    {
        Array.ForEach(links, link => link.Start(UpdateHealth));
        _ticker = Task.Run(() => TickAsync(_stop.Token));
    }

    /// <summary>Attaches a spool and takes ownership of it; once.</summary>
    public void AttachSpool(Spool spool)
    {
        _drain = new SpoolDrain(Name, spool, links, router, timings, time, logger);
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

    public void Flush() => Array.ForEach(links, static link => link.Flush());

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
        while (Counters.Queued > 0 && !cancellationToken.IsCancellationRequested && (_spool is null || links.Any(link => link.IsHealthy)))
        {
            await Task.Delay(_drainStep, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stop.CancelAsync();
        await _ticker;

        // Finish what it has started to send and mark it as sent, so that the next start does not send it again.
        Task drained = _drain?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await Task.WhenAny(drained, Task.Delay(timings.CloseGrace, time, CancellationToken.None));
        await Task.WhenAll(links.Select(link => link.DisposeAsync().AsTask()));
        await drained;
        if (_spool is not null)
        {
            Array.ForEach(links, link => link.Packets.SpoolOlder(_spool, long.MaxValue));
            await _syncing;
            _spool.Sync();
            _spool.Dispose();
        }

        Log.StreamStopped(logger, Name, Counters.Sent, Counters.Spooled, lost: DropRest());
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
        long certificatesChecked = time.GetTimestamp();
        using PeriodicTimer timer = new(_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                bool checkCertificates = time.GetElapsedTime(certificatesChecked) > timings.CertificateCheck;
                certificatesChecked = checkCertificates ? time.GetTimestamp() : certificatesChecked;
                foreach (CollectorLink link in links)
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
        foreach (CollectorLink link in links)
        {
            // A packet of the epoch before the last full one has waited two to three ticks, less than the time it may be unsafe.
            long old = link.Ring.NextEpoch() - 2;
            if (spool is not null)
            {
                link.Packets.SpoolOlder(spool, old);
            }
        }

        // Not in the ticks: a slow disk must not delay writing packets to their file.
        if (spool is { NeedsSync: true } && _syncing.IsCompleted && time.GetElapsedTime(_syncedAt) >= spoolFlush)
        {
            _syncedAt = time.GetTimestamp();
            _syncing = Task.Run(spool.Sync);
        }

        _drain?.Wake();
    }

    private long DropRest()
    {
        long lost = 0;
        foreach (CollectorLink link in links)
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

/// <summary>Timeouts and rates of TCP and TLS outputs; the same for all, except in tests.</summary>
internal sealed record StreamTimings
{
    public static StreamTimings Default { get; } = new();

    /// <summary>Delay before the first reconnect.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest delay between reconnects.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Timeout of a connection attempt, and of a TLS handshake.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a new TLS connection is not used: our side of the handshake may end before the collector has checked
    /// our certificate (in TLS 1.3 it always does), and packets sent to a collector that then rejects it are lost.
    /// </summary>
    public TimeSpan LateRefusal { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A collector that accepts no part of a write for this long is given up.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for a pending write after everything else was given up.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Interval for checking whether certificate files changed.</summary>
    public TimeSpan CertificateCheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rate at which a spool drains alongside live traffic, in bytes a second: about 16,000 typical packets, which a collector's database can handle.</summary>
    public int DrainBytesPerSecond { get; init; } = 8 << 20;
}
