using System.Net.Sockets;
using HepBridge.Diagnostics;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// The way to one collector over TCP or TLS: a ring, a connection that is made again whenever it ends, and the worker that carries packets from one
/// to the other.
/// </summary>
internal sealed class StreamLane : IAsyncDisposable
{
    /// <summary>A connection that lived so long was a good one, sent or not.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(10);

    private readonly CollectorAddress _address;
    private readonly IStreamConnector _connector;
    private readonly OutputCounters _counters;
    private readonly StreamTimings _timings;
    private readonly ResendWindow? _resend;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Action _healthChanged;
    private readonly Lock _gate = new();
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _finish = new();
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource? _abort;
    private Task _worker = Task.CompletedTask;
    private PacketBlock? _sending;
    private SpoolCopy? _copy;
    private AsideBatch? _aside;
    private long _writingSince;
    private bool _progress;
    private volatile bool _healthy = true;
    private volatile bool _renew;

    public StreamLane(
        CollectorAddress address, IStreamConnector connector, PacketRing ring, ResendWindow? resend, OutputCounters counters,
        StreamTimings timings, ILogger logger, TimeProvider time, Action healthChanged)
    {
        _address = address;
        _connector = connector;
        _counters = counters;
        _timings = timings;
        _resend = resend;
        _logger = logger;
        _time = time;
        _healthChanged = healthChanged;
        Ring = ring;
        Name = $"{connector.Transport} {address}";
    }

    public string Name { get; }

    public PacketRing Ring { get; }

    /// <summary>Connected, or on the first attempt to be.</summary>
    public bool IsHealthy => _healthy;

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether the spool holds a copy of what is under way: then it is not its turn.</summary>
    public bool HasCopy => Volatile.Read(ref _copy) is not null;

    /// <summary>How often a connection was lost or could not be made.</summary>
    public long Failures { get; private set; }

    public void Start() => _worker = Task.Run(() => WorkAsync(_stop.Token));

    /// <summary>Packets may have come.</summary>
    public void Flush()
    {
        if (Ring.HasBlocks)
        {
            _wake.Set();
        }
    }

    /// <summary>Gives the worker packets to send beside its ring; one batch at a time. The batch ends at once without a connection.</summary>
    public void SendAside(AsideBatch batch)
    {
        lock (_gate)
        {
            if (IsConnected)
            {
                _aside = batch;
                _wake.Set();
                return;
            }
        }

        batch.End();
    }

    /// <summary>Ends a connection whose write stands still, and one whose certificates have changed.</summary>
    public void Check()
    {
        long since = Volatile.Read(ref _writingSince);
        if (since != 0 && _time.GetElapsedTime(since) > _timings.Write)
        {
            lock (_gate)
            {
                _abort?.Cancel();
            }
        }
    }

    /// <summary>Connects anew, in order, if the files that the connection was made with have changed.</summary>
    public void RenewIfChanged()
    {
        if (IsConnected && _connector.HasChanged())
        {
            _renew = true;
            _wake.Set();
        }
    }

    /// <summary>
    /// Brings on disk what stays unsent since <paramref name="epoch"/>: blocks out of the ring, and a copy of the block that the worker is at.
    /// </summary>
    public void SpoolOlder(Spool spool, long epoch)
    {
        lock (_gate)
        {
            if (_sending is { } block && _copy is null && block.Epoch <= epoch && spool.TryAppend(block.Rest.Span, block.RestPackets, out long position))
            {
                _copy = new SpoolCopy(spool, position);
                _counters.AddQueued(-block.RestPackets);
                _counters.AddSpooled(block.RestPackets);
            }
        }

        while (Ring.Take(epoch) is { } block)
        {
            if (!spool.TryAppend(block.Rest.Span, block.RestPackets, out _))
            {
                Ring.PutBack(block);
                return;
            }

            _counters.AddSpooled(block.RestPackets);
            _counters.AddQueued(-block.RestPackets);
            Ring.Advance(block, block.RestPackets, block.Rest.Length);
            Ring.Release(block);
        }
    }

    /// <summary>Ends the connection in order after what is under way, waiting a short while at most. Unsent packets are in the ring afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _finish.CancelAsync();
        _wake.Set();
        await Task.WhenAny(_worker, Task.Delay(_timings.CloseGrace, _time));
        await _stop.CancelAsync();
        _wake.Set();
        await _worker;
        _stop.Dispose();
        _finish.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        BackOff backOff = new(Random.Shared, _timings.FirstRetry, _timings.LongestRetry);
        string? said = null;
        while (!_finish.IsCancellationRequested)
        {
            try
            {
                await using StreamConnection connection = await _connector.ConnectAsync(_address, _wake, _finish.Token);
                long since = _time.GetTimestamp();
                Log.StreamConnected(_logger, Name);
                said = null;
                string reason = await UseAsync(connection, cancellationToken);
                if (_finish.IsCancellationRequested)
                {
                    return;
                }

                Log.StreamLost(_logger, Name, reason);
                if (_progress || _time.GetElapsedTime(since) > _settled)
                {
                    _progress = false;
                    backOff.Reset();
                }
            }
            catch (ConnectFailedException e)
            {
                if (e.Message != said)
                {
                    said = e.Message;
                    Log.StreamConnectFailed(_logger, Name, said);
                }
            }
            catch (OperationCanceledException) when (_finish.IsCancellationRequested)
            {
                return;
            }

            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Nothing known comes here; a lane that ends for good would lose all that follows.
                Log.StreamBroken(_logger, Name, e);
            }

            if (_renew)
            {
                _renew = false;
                continue;
            }

            Failures++;
            SetHealthy(false);
            await Task.Delay(backOff.Next(), _time, _finish.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends over one connection until it ends; returns why it did.</summary>
    private async Task<string> UseAsync(StreamConnection connection, CancellationToken cancellationToken)
    {
        using CancellationTokenSource abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_gate)
        {
            _abort = abort;
            IsConnected = true;
        }

        SetHealthy(true);
        try
        {
            if (_resend is not null)
            {
                await ResendAsync(connection, abort.Token);
            }

            while (connection.Ended is null && !_renew && !cancellationToken.IsCancellationRequested)
            {
                if (TakeBlock() is { } block)
                {
                    await SendBlockAsync(connection, block, abort.Token);
                }
                else if (_finish.IsCancellationRequested)
                {
                    break;
                }
                else if (_aside is { } aside)
                {
                    await SendAsideAsync(connection, aside, abort.Token);
                }
                else
                {
                    await _wake.WaitAsync();
                }
            }

            string reason = connection.Ended ?? (_renew ? "certificate files have changed" : "closed");
            await connection.CloseAsync();
            return reason;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? "stopped" : $"it took nothing for {_timings.Write.TotalSeconds} s";
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return (e.InnerException ?? e).Message;
        }
        finally
        {
            EndUse();
        }
    }

    private PacketBlock? TakeBlock()
    {
        lock (_gate)
        {
            return _sending ??= Ring.Take();
        }
    }

    private async ValueTask SendBlockAsync(StreamConnection connection, PacketBlock block, CancellationToken cancellationToken)
    {
        while (!block.IsDone && connection.MaySend)
        {
            ReadOnlyMemory<byte> rest = block.Rest;
            int bytes = await SendAsync(connection, rest, cancellationToken);
            if (bytes == 0)
            {
                continue;
            }

            (int packets, _) = PacketBlock.WholePackets(rest.Span, bytes);
            _resend?.Remember(rest.Span[..bytes]);
            lock (_gate)
            {
                Ring.Advance(block, packets, bytes);
                if (_copy is { } copy)
                {
                    CountCopied(copy, packets, bytes);
                }
                else
                {
                    _counters.AddQueued(-packets);
                    _counters.AddSent(packets, bytes);
                }
            }
        }

        if (block.IsDone)
        {
            lock (_gate)
            {
                _sending = null;
                _copy = null;
                Ring.Release(block);
            }
        }
    }

    /// <summary>Packets of which the spool has a copy are sent after all: the copy goes, unless it is on its way already.</summary>
    private void CountCopied(SpoolCopy copy, int packets, int bytes)
    {
        if (copy.Spool.TryDiscard(copy.Position, packets, bytes))
        {
            _counters.AddSpooled(-packets);
            _counters.AddSent(packets, bytes);
        }
        else
        {
            _counters.AddResent(packets);
        }

        _copy = copy with { Position = copy.Position + bytes };
    }

    private async ValueTask SendAsideAsync(StreamConnection connection, AsideBatch aside, CancellationToken cancellationToken)
    {
        while (!aside.Rest.IsEmpty && connection.MaySend)
        {
            ReadOnlyMemory<byte> rest = aside.Rest;
            int bytes = await SendAsync(connection, rest, cancellationToken);
            if (bytes > 0)
            {
                (int packets, _) = PacketBlock.WholePackets(rest.Span, bytes);
                _resend?.Remember(rest.Span[..bytes]);
                _counters.AddSpooled(-packets);
                _counters.AddSent(packets, bytes);
                aside.Advance(bytes);
            }
        }

        lock (_gate)
        {
            _aside = null;
        }

        aside.End();
    }

    private async ValueTask ResendAsync(StreamConnection connection, CancellationToken cancellationToken)
    {
        foreach (PacketBlock block in _resend!.Packets)
        {
            ReadOnlyMemory<byte> rest = block.Rest;
            while (!rest.IsEmpty && connection.MaySend)
            {
                int bytes = await SendAsync(connection, rest, cancellationToken);
                _counters.AddResent(PacketBlock.WholePackets(rest.Span, bytes).Count);
                rest = rest[bytes..];
            }
        }
    }

    private async ValueTask<int> SendAsync(StreamConnection connection, ReadOnlyMemory<byte> packets, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _writingSince, _time.GetTimestamp());
        int bytes = await connection.SendAsync(packets, cancellationToken);
        Volatile.Write(ref _writingSince, 0);
        _progress = true;
        return bytes;
    }

    /// <summary>After a connection: what it has not sent whole goes back in front, and the next one begins with it.</summary>
    private void EndUse()
    {
        AsideBatch? aside;
        lock (_gate)
        {
            _abort = null;
            IsConnected = false;
            aside = _aside;
            _aside = null;
            Volatile.Write(ref _writingSince, 0);
            if (_sending is { } block)
            {
                if (_copy is not null)
                {
                    Ring.Advance(block, block.RestPackets, block.Rest.Length);
                }

                Ring.PutBack(block);
                _sending = null;
                _copy = null;
            }
        }

        aside?.End();
    }

    private void SetHealthy(bool healthy)
    {
        _healthy = healthy;
        _healthChanged();
    }

    /// <summary>Where in the spool the rest of the block under way has a copy.</summary>
    private sealed record SpoolCopy(Spool Spool, long Position);
}
