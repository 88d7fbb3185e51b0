using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// The link to one collector over TCP or TLS: a ring, a connection that is re-established whenever it ends, and the worker that moves packets from one
/// to the other.
/// </summary>
internal sealed class CollectorLink(
    CollectorAddress address, IStreamConnector connector, PacketQueue ring, ResendWindow? resend, OutputCounters counters,
    StreamTimings timings, ILogger logger, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>A connection that lasted this long was a good one, whether it sent or not.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(10);
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _finish = new();
    private readonly CancellationTokenSource _stop = new();
    private Action _healthChanged = static () => { };
    private Task _worker = Task.CompletedTask;
    private volatile CollectorSession? _session;
    private volatile bool _healthy = true;
    private string? _said;

    public string Name { get; } = $"{connector.Transport} {address}";

    public PacketQueue Ring => ring;

    public SendQueue Packets { get; } = new(ring, counters);

    /// <summary>Connected, or on its first attempt.</summary>
    public bool IsHealthy => _healthy;

    public bool IsConnected => _session is not null;

    /// <summary>Connections lost or failed.</summary>
    public long Failures { get; private set; }

    public OutputState State => new()
    {
        Collectors = 1,
        Reachable = IsConnected ? 1 : 0,
        Failures = Failures,
        RingBytes = Ring.Bytes,
        RingCapacity = Ring.Capacity,
    };

    /// <summary>Starts connecting. Calls <paramref name="healthChanged"/> whenever <see cref="IsHealthy"/> may have changed.</summary>
    public void Start(Action healthChanged)
    {
        _healthChanged = healthChanged;
        _worker = Task.Run(() => WorkAsync(_stop.Token));
    }

    /// <summary>Packets may have been added.</summary>
    public void Flush()
    {
        if (Ring.HasBlocks)
        {
            _wake.Set();
        }
    }

    /// <summary>Gives the worker packets to send in addition to its ring, one batch at a time. Without a connection the batch ends at once.</summary>
    public void SendAside(SpoolBatch batch)
    {
        if (_session is { } session)
        {
            session.SendAside(batch);
        }
        else
        {
            batch.End();
        }
    }

    /// <summary>Ends a connection whose write has stalled.</summary>
    public void Check() => _session?.Check();

    /// <summary>Reconnects cleanly if the certificate files have changed.</summary>
    public void RenewIfChanged()
    {
        if (_session is { } session && connector.HasChanged())
        {
            session.Renew();
        }
    }

    /// <summary>Closes the connection cleanly after what is being sent, waiting a short while at most. Unsent packets are in the ring afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _finish.CancelAsync();
        _wake.Set();
        await Task.WhenAny(_worker, Task.Delay(timings.CloseGrace, time));
        await _stop.CancelAsync();
        _wake.Set();
        await _worker;
        _stop.Dispose();
        _finish.Dispose();
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        Backoff backoff = new(timings.FirstRetry, timings.LongestRetry, Random.Shared);
        while (!_finish.IsCancellationRequested)
        {
            try
            {
                if (await ConnectAndSendAsync(backoff, stop))
                {
                    continue;
                }
            }
            catch (ConnectFailedException e)
            {
                if (e.Message != _said)
                {
                    _said = e.Message;
                    Log.StreamConnectFailed(logger, Name, _said);
                }
            }
            catch (OperationCanceledException) when (_finish.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // No known error gets here, but a link that ends for good would lose everything that follows.
                Log.StreamBroken(logger, Name, e);
            }

            if (_finish.IsCancellationRequested)
            {
                return;
            }

            Failures++;
            SetHealthy(false);
            await Task.Delay(backoff.Next(), time, _finish.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Connects and sends until the connection ends; true if the next one is to be made at once.</summary>
    private async Task<bool> ConnectAndSendAsync(Backoff backoff, CancellationToken stop)
    {
        await using StreamConnection connection = await connector.ConnectAsync(address, _wake, _finish.Token);
        long since = time.GetTimestamp();
        Log.StreamConnected(logger, Name);
        _said = null;
        CollectorSession session = new(connection, Packets, resend, counters, _wake, timings, time);
        _session = session;
        SetHealthy(true);
        string reason;
        try
        {
            reason = await session.RunAsync(_finish.Token, stop);
        }
        finally
        {
            _session = null;
        }

        if (!_finish.IsCancellationRequested)
        {
            Log.StreamLost(logger, Name, reason);
        }

        if (session.Progressed || time.GetElapsedTime(since) > _settled)
        {
            backoff.Reset();
        }

        return session.IsRenewed;
    }

    private void SetHealthy(bool healthy)
    {
        _healthy = healthy;
        _healthChanged();
    }
}
