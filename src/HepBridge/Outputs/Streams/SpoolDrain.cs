using HepBridge.Diagnostics;
using HepBridge.Outputs.Routing;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Streams;

/// <summary>Passes packets from the spool to the links while there is a connection, in order and at a limited rate; the links send live ones first.</summary>
internal sealed class SpoolDrain(
    string output, Spool spool, CollectorLink[] links, ServerRouter router, StreamTimings timings, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>At least the largest packet.</summary>
    private const int BatchBytes = 64 * 1024;
    private static readonly TimeSpan _retryWait = TimeSpan.FromMilliseconds(50);
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private Supervised? _work;
    private Task _worker = Task.CompletedTask;
    private bool _isRecovered;

    /// <summary>Why the drain is not running now; null: it is.</summary>
    public WorkFailure? Failure => _work?.Failure;

    public void Start()
    {
        Supervised work = _work = new Supervised($"The spool of {output}", WorkAsync, time, logger);
        _worker = Task.Run(() => work.RunAsync(_stop.Token));
    }

    /// <summary>Called when the spool may have packets, or a link a connection.</summary>
    public void Wake() => _wake.Set();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _wake.Set();
        await _worker;
        _stop.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!_isRecovered)
        {
            spool.Recover(cancellationToken);
            _isRecovered = true;
        }

        byte[] buffer = new byte[BatchBytes];
        while (!cancellationToken.IsCancellationRequested)
        {
            int bytes = Connected() == 0 || Array.Exists(links, link => link.Packets.HasCopy) ? 0 : spool.Read(buffer);
            if (bytes == 0)
            {
                await _wake.WaitAsync();
                continue;
            }

            if (await SendAsync(buffer.AsMemory(0, bytes), cancellationToken))
            {
                spool.Commit();
                await DelayAsync(TimeSpan.FromSeconds((double)bytes / timings.DrainBytesPerSecond), cancellationToken);
            }
        }
    }

    /// <summary>Sends packets over any available links until all are sent; false if stopped before.</summary>
    private async Task<bool> SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellationToken)
    {
        while (true)
        {
            int before = packets.Length;
            ulong connected = Connected();
            if (connected != 0)
            {
                packets = links.Length == 1 ? await SendOverAsync(links[0], packets) : await SendOverAllAsync(packets, connected);
            }

            if (packets.IsEmpty)
            {
                return true;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            if (packets.Length == before)
            {
                await DelayAsync(_retryWait, cancellationToken);
            }
        }
    }

    /// <summary>Returns what could not be sent.</summary>
    private static async Task<ReadOnlyMemory<byte>> SendOverAsync(CollectorLink link, ReadOnlyMemory<byte> packets)
    {
        SpoolBatch batch = new(packets);
        link.SendAside(batch);
        await batch.Ended;
        return batch.Rest;
    }

    private async Task<ReadOnlyMemory<byte>> SendOverAllAsync(ReadOnlyMemory<byte> packets, ulong connected)
    {
        MemoryStream[] parts = [.. links.Select(_ => new MemoryStream())];
        while (!packets.IsEmpty)
        {
            ReadOnlyMemory<byte> packet = packets[..PacketBlock.PacketLength(packets.Span)];
            parts[router.Route(packet.Span, connected)].Write(packet.Span);
            packets = packets[packet.Length..];
        }

        ReadOnlyMemory<byte>[] rests = await Task.WhenAll(links.Zip(parts).Where(pair => pair.Second.Length > 0)
            .Select(pair => SendOverAsync(pair.First, pair.Second.ToArray())));
        MemoryStream rest = new();
        foreach (ReadOnlyMemory<byte> part in rests)
        {
            rest.Write(part.Span);
        }

        return rest.ToArray();
    }

    private ulong Connected()
    {
        ulong connected = 0;
        for (int i = 0; i < links.Length; i++)
        {
            connected |= links[i].IsConnected ? 1UL << i : 0;
        }

        return connected;
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>Packets of the spool that a link sends when it has nothing newer.</summary>
internal sealed class SpoolBatch(ReadOnlyMemory<byte> packets)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The whole packets not yet sent.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = packets;

    /// <summary>Completes when all is sent, or the link has lost its connection.</summary>
    public Task Ended => _ended.Task;

    public void Advance(int bytes) => Rest = Rest[bytes..];

    public void End() => _ended.TrySetResult();
}
