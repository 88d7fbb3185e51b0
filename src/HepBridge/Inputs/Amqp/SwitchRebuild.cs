using System.Collections.Concurrent;
using System.Threading.Channels;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Esl;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Amqp;

/// <summary>Asks switches that are new to this agent for the calls in progress, a few switches at a time.</summary>
internal sealed class SwitchRebuild(string input, BrokerControl control, Action<ReadOnlySpan<byte>> onDump, RebuildCounters counters, TimeProvider time, ILogger logger)
{
    private const int MostWaiting = 4_096;
    private const int Workers = 4;
    private const int MaxTries = 3;
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(2);
    private readonly Channel<string> _hosts = Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, ChannelSync> _syncs = new(StringComparer.Ordinal);

    /// <summary>A switch's events reach this agent from now on. Under the pipeline's lock.</summary>
    public void Add(string host)
    {
        if (_syncs.TryAdd(host, new ChannelSync(token => control.OpenAsync(host, token), time)) && !_hosts.Writer.TryWrite(host))
        {
            _syncs.TryRemove(host, out _);
        }
    }

    /// <summary>Asks for this channel first: an event of it waits.</summary>
    public void Hint(string host, ReadOnlySpan<byte> channel)
    {
        if (_syncs.TryGetValue(host, out ChannelSync? sync))
        {
            sync.Hint(channel);
        }
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(cancellationToken)));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (string host in _hosts.Reader.ReadAllAsync(cancellationToken))
            {
                await AskAsync(host, cancellationToken);
                _syncs.TryRemove(host, out _);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task AskAsync(string host, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            ChannelSyncResult result = await _syncs[host].RunAsync(dump => onDump(dump), cancellationToken);
            if (!result.Outcome.IsSuccess && tries < MaxTries)
            {
                // The switch may just be connecting again, as after a restart of the broker.
                await Task.Delay(_retry, time, cancellationToken);
                continue;
            }

            int unknown = result.Listed - result.Dumped - result.Gone;
            counters.Add(result.Dumped, unknown);
            if (!result.Outcome.IsSuccess)
            {
                Log.AmqpRebuildFailed(logger, input, host, result.Outcome.Message);
            }
            else if (result.Listed > 0)
            {
                Log.AmqpRebuilt(logger, input, host, result.Listed, result.Dumped, unknown);
            }

            return;
        }
    }
}

/// <summary>Channels in progress that switches listed, through all sessions of an input.</summary>
internal sealed class RebuildCounters
{
    private long _known;
    private long _unknown;

    /// <summary>Those whose details were received.</summary>
    public long Known => Volatile.Read(ref _known);

    /// <summary>Those that nothing is known of.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    public void Add(int known, int unknown)
    {
        Interlocked.Add(ref _known, known);
        Interlocked.Add(ref _unknown, unknown);
    }
}
