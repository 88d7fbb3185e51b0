using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Queries a switch for the channels in progress, over a connection of its own: <c>show channels as json</c>, then
/// <c>uuid_dump</c> for each, at most 50 a second, channels that just sent an event first.
/// </summary>
/// <remarks>For one run; make a new one for each connection.</remarks>
public sealed class ChannelSync
{
    private const int MostHints = 1024;
    private const int MaxTries = 3;

    /// <summary>The list is one frame of about 1 KB per channel.</summary>
    private const int MaxFrame = 64 * 1024 * 1024;

    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);

    private readonly Func<CancellationToken, Task<(IApiClient? Client, EslOutcome Outcome)>> _open;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<string> _hints = new();

    public ChannelSync(EslEndpoint endpoint, TimeSpan timeout, TimeProvider time)
        : this(cancellationToken => OpenAsync(endpoint, timeout, time, cancellationToken), time)
    {
    }

    /// <summary>Queries over another way to the switch's commands than an event socket; the client is disposed at the end.</summary>
    public ChannelSync(Func<CancellationToken, Task<(IApiClient? Client, EslOutcome Outcome)>> open, TimeProvider time) => (_open, _time) = (open, time);

    /// <summary>Moves this channel, which just sent an event, to the front. Thread-safe; keeps at most 1,024 hints.</summary>
    public void Hint(ReadOnlySpan<byte> uniqueId)
    {
        lock (_gate)
        {
            if (_hints.Count < MostHints)
            {
                _hints.Enqueue(Encoding.UTF8.GetString(uniqueId));
            }
        }
    }

    /// <summary>Queries all channels and passes each to <paramref name="onDump"/>. A refusal or a broken connection is an outcome; only cancellation throws.</summary>
    public async Task<ChannelSyncResult> RunAsync(ChannelDump onDump, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onDump);
        (IApiClient? client, EslOutcome outcome) = await _open(cancellationToken);
        if (client is null)
        {
            return new ChannelSyncResult(outcome, 0, 0, 0);
        }

        await using (client)
        {
            Progress progress = new();
            EslOutcome end = await AskAllAsync(client, onDump, progress, cancellationToken);
            return new ChannelSyncResult(end, progress.Listed, progress.Dumped, progress.Gone);
        }
    }

    private static async Task<(IApiClient?, EslOutcome)> OpenAsync(EslEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        (EslConnection? connection, EslOutcome outcome) = await EslConnector.OpenAsync(endpoint, timeout, time, cancellationToken, MaxFrame);
        return (connection is null ? null : new EslApiClient(connection, endpoint, timeout, time), outcome);
    }

    private async Task<EslOutcome> AskAllAsync(IApiClient client, ChannelDump onDump, Progress progress, CancellationToken cancellationToken)
    {
        EslReply? list;
        EslOutcome outcome;
        List<string> channels;
        for (int tries = 1; ; tries++)
        {
            (list, outcome) = await client.AskAsync("show channels as json", cancellationToken);
            if (list is null)
            {
                return outcome;
            }

            if (!list.IsError && ChannelList.TryRead(list.Body.Span, out channels))
            {
                break;
            }

            // A user without permission never gets the list; the switch's database may be busy or not there yet.
            if (list.ContentType != EslContentType.ApiResponse || tries == MaxTries)
            {
                return client.Refused("show channels as json", list.Text);
            }

            await Task.Delay(_retryDelay, _time, cancellationToken);
        }

        progress.Listed = channels.Count;
        HashSet<string> open = new(channels, StringComparer.Ordinal);
        int next = 0;
        while (open.Count > 0)
        {
            long asked = _time.GetTimestamp();
            string channel = NextHint(open) ?? channels[next++];
            if (!open.Remove(channel))
            {
                continue;
            }

            (EslReply? dump, outcome) = await client.AskAsync($"uuid_dump {channel}", cancellationToken);
            if (dump is null)
            {
                return outcome;
            }

            if (!dump.IsError)
            {
                onDump(dump.Body.Span);
                progress.Dumped++;
            }
            else if (dump.Text.Contains("No such channel", StringComparison.OrdinalIgnoreCase))
            {
                progress.Gone++;
            }
            else
            {
                return client.Refused("uuid_dump", dump.Text);
            }

            TimeSpan rest = _pace - _time.GetElapsedTime(asked);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, _time, cancellationToken);
            }
        }

        return EslOutcome.Success;
    }

    /// <summary>The oldest hint for a channel not yet queried.</summary>
    private string? NextHint(HashSet<string> open)
    {
        lock (_gate)
        {
            while (_hints.TryDequeue(out string? hint))
            {
                if (open.Contains(hint))
                {
                    return hint;
                }
            }
        }

        return null;
    }

    private sealed class Progress
    {
        public int Listed { get; set; }

        public int Dumped { get; set; }

        public int Gone { get; set; }
    }
}

/// <summary>Receives a channel's data: a CHANNEL_DATA event in plain format, valid during the call.</summary>
public delegate void ChannelDump(ReadOnlySpan<byte> plainEvent);

/// <summary>The outcome of querying the channels in progress.</summary>
/// <param name="Outcome">A failure ends the query; channels received before it remain valid.</param>
/// <param name="Listed">Channels that the switch listed.</param>
/// <param name="Dumped">Channels whose details were received.</param>
/// <param name="Gone">Channels that ended before they were queried.</param>
public readonly record struct ChannelSyncResult(EslOutcome Outcome, int Listed, int Dumped, int Gone);
