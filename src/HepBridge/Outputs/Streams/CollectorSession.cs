using System.Net.Sockets;

namespace HepBridge.Outputs.Streams;

/// <summary>
/// One connection from start to end. Sends first what has to be resent, then the link's packets, and the spool's whenever no newer ones are queued.
/// </summary>
internal sealed class CollectorSession(
    StreamConnection connection, SendQueue packets, ResendWindow? resend, OutputCounters counters, WakeSignal wake, StreamTimings timings, TimeProvider time)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _abort;
    private SpoolBatch? _aside;
    private bool _ended;
    private long _writingSince;

    public bool Progressed { get; private set; }

    /// <summary>Whether to close it cleanly and start another one.</summary>
    public bool IsRenewed { get; private set; }

    /// <summary>Gives it packets to send in addition to the link's, one batch at a time. The batch ends at once if the session has ended.</summary>
    public void SendAside(SpoolBatch batch)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _aside = batch;
                wake.Set();
                return;
            }
        }

        batch.End();
    }

    /// <summary>Ends it if a write has stalled for too long.</summary>
    public void Check()
    {
        long since = Volatile.Read(ref _writingSince);
        if (since != 0 && time.GetElapsedTime(since) > timings.Write)
        {
            lock (_gate)
            {
                _abort?.Cancel();
            }
        }
    }

    /// <summary>Closes it cleanly, so that the next one takes its place.</summary>
    public void Renew()
    {
        IsRenewed = true;
        wake.Set();
    }

    /// <summary>Sends until the connection ends; returns why.</summary>
    /// <param name="finish">Ends it once nothing is queued.</param>
    /// <param name="stop">Ends it at once.</param>
    public async Task<string> RunAsync(CancellationToken finish, CancellationToken stop)
    {
        using CancellationTokenSource abort = CancellationTokenSource.CreateLinkedTokenSource(stop);
        lock (_gate)
        {
            _abort = abort;
        }

        try
        {
            await ResendAsync(abort.Token);
            await SendAllAsync(finish, abort.Token);
            string reason = connection.Ended ?? (IsRenewed ? "certificate files have changed" : "closed");
            await connection.CloseAsync();
            return reason;
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? "stopped" : $"it accepted no data for {timings.Write.TotalSeconds} s";
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return (e.InnerException ?? e).Message;
        }
        finally
        {
            End();
        }
    }

    private async Task SendAllAsync(CancellationToken finish, CancellationToken abort)
    {
        while (connection.Ended is null && !IsRenewed && !abort.IsCancellationRequested)
        {
            if (packets.Take() is { } block)
            {
                await SendBlockAsync(block, abort);
            }
            else if (finish.IsCancellationRequested)
            {
                return;
            }
            else if (Volatile.Read(ref _aside) is { } aside)
            {
                await SendAsideAsync(aside, abort);
            }
            else
            {
                await wake.WaitAsync();
            }
        }
    }

    private async ValueTask SendBlockAsync(PacketBlock block, CancellationToken abort)
    {
        bool done = false;
        while (!done && connection.MaySend)
        {
            ReadOnlyMemory<byte> rest = block.Rest;
            (int count, int bytes) = await SendAsync(rest, resend, abort);
            if (bytes > 0)
            {
                done = bytes == rest.Length;
                packets.Sent(block, count, bytes);
            }
        }
    }

    private async ValueTask SendAsideAsync(SpoolBatch aside, CancellationToken abort)
    {
        while (!aside.Rest.IsEmpty && connection.MaySend)
        {
            (int count, int bytes) = await SendAsync(aside.Rest, resend, abort);
            counters.AddSpooled(-count);
            counters.AddSent(count, bytes);
            aside.Advance(bytes);
        }

        lock (_gate)
        {
            _aside = null;
        }

        aside.End();
    }

    private async ValueTask ResendAsync(CancellationToken abort)
    {
        foreach (PacketBlock block in resend?.Packets ?? [])
        {
            ReadOnlyMemory<byte> rest = block.Rest;
            while (!rest.IsEmpty && connection.MaySend)
            {
                (int count, int bytes) = await SendAsync(rest, null, abort);
                counters.AddResent(count);
                rest = rest[bytes..];
            }
        }
    }

    // Returns how many whole packets were sent, and their bytes; the window, if given, keeps a copy of them.
    private async ValueTask<(int Count, int Bytes)> SendAsync(ReadOnlyMemory<byte> rest, ResendWindow? window, CancellationToken abort)
    {
        Volatile.Write(ref _writingSince, time.GetTimestamp());
        int bytes = await connection.SendAsync(rest, abort);
        Volatile.Write(ref _writingSince, 0);
        Progressed = true;
        if (bytes > 0)
        {
            window?.Remember(rest.Span[..bytes]);
        }

        return PacketBlock.WholePackets(rest.Span, bytes);
    }

    private void End()
    {
        SpoolBatch? aside;
        lock (_gate)
        {
            _ended = true;
            _abort = null;
            aside = _aside;
            _aside = null;
        }

        packets.PutBack();
        aside?.End();
    }
}

/// <summary>
/// Keeps copies of the packets sent last, for the next connection: otherwise what a crashing collector's kernel had accepted and its process had not
/// read would be lost. Measured back from the last packet sent, so that a stall before a connection ends does not empty it.
/// </summary>
internal sealed class ResendWindow(TimeSpan length, int capacity, TimeProvider time)
{
    private readonly Queue<PacketBlock> _blocks = new();
    private readonly long _ticks = (long)(length.TotalSeconds * time.TimestampFrequency);
    private PacketBlock? _filling;
    private PacketBlock? _spare;
    private long _bytes;

    /// <summary>Stores packets that were just sent.</summary>
    public void Remember(ReadOnlySpan<byte> packets)
    {
        long now = time.GetTimestamp();
        while (!packets.IsEmpty)
        {
            int length = PacketBlock.PacketLength(packets);
            // A block spans at most a tenth of the window, because blocks expire as a whole.
            if (_filling is null || _filling.Free < length || now - _filling.Epoch > _ticks / 10)
            {
                _filling = _spare ?? new PacketBlock();
                _spare = null;
                _blocks.Enqueue(_filling);
            }

            _filling.Append(packets[..length], now);
            _bytes += length;
            packets = packets[length..];
        }

        while (_blocks.TryPeek(out PacketBlock? oldest) && oldest != _filling && (now - oldest.Epoch > _ticks + (_ticks / 10) || _bytes > capacity))
        {
            _bytes -= oldest.Length;
            _blocks.Dequeue();
            oldest.Clear();
            _spare = oldest;
        }
    }

    /// <summary>The stored packets, oldest first.</summary>
    public IReadOnlyList<PacketBlock> Packets => [.. _blocks];
}
