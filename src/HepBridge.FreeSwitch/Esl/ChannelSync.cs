using System.Text;
using System.Text.Json;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>
/// Queries a switch for the channels in progress, over a connection of its own: <c>show channels as json</c>, then
/// <c>uuid_dump</c> for each, at most 50 a second, channels that just sent an event first.
/// </summary>
/// <remarks>For one run; make a new one for each connection.</remarks>
/// <param name="open">A way to the switch's commands; the client is disposed at the end.</param>
/// <param name="time">The clock.</param>
public sealed class ChannelSync(Func<CancellationToken, Task<(IApiClient? Client, EslOutcome Outcome)>> open, TimeProvider time)
{
    private const int MostHints = 1024;
    private const int MaxTries = 3;

    /// <summary>The list is one frame of about 1 KB per channel.</summary>
    private const int MaxFrame = 64 * 1024 * 1024;

    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Queue<string> _hints = new();

    /// <summary>Asks over an event socket.</summary>
    public ChannelSync(EslEndpoint endpoint, TimeSpan timeout, TimeProvider time)
        : this(cancellationToken => OpenAsync(endpoint, timeout, time, cancellationToken), time)
    {
    }

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
        (IApiClient? client, EslOutcome outcome) = await open(cancellationToken);
        if (client is null)
        {
            return new ChannelSyncResult(outcome, 0, 0, 0);
        }

        await using (client)
        {
            return await AskAllAsync(client, onDump, cancellationToken);
        }
    }

    private static async Task<(IApiClient?, EslOutcome)> OpenAsync(EslEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        (EslConnection? connection, EslOutcome outcome) = await EslConnector.OpenAsync(endpoint, timeout, time, cancellationToken, MaxFrame);
        return (connection is null ? null : new EslApiClient(connection, endpoint, timeout, time), outcome);
    }

    private async Task<ChannelSyncResult> AskAllAsync(IApiClient client, ChannelDump onDump, CancellationToken cancellationToken)
    {
        int listed = 0, dumped = 0, gone = 0;
        EslReply? list;
        EslOutcome outcome;
        List<string> channels;
        for (int tries = 1; ; tries++)
        {
            (list, outcome) = await client.AskAsync("show channels as json", cancellationToken);
            if (list is null)
            {
                return End(outcome);
            }

            if (!list.IsError && ChannelList.TryRead(list.Body.Span, out channels))
            {
                break;
            }

            // A user without permission never gets the list; the switch's database may be busy or not there yet.
            if (list.ContentType != EslContentType.ApiResponse || tries == MaxTries)
            {
                return End(client.Refused("show channels as json", list.Text));
            }

            await Task.Delay(_retryDelay, time, cancellationToken);
        }

        listed = channels.Count;
        HashSet<string> waiting = new(channels, StringComparer.Ordinal);
        int next = 0;
        while (waiting.Count > 0)
        {
            long asked = time.GetTimestamp();
            string channel = NextHint(waiting) ?? channels[next++];
            if (!waiting.Remove(channel))
            {
                continue;
            }

            (EslReply? dump, outcome) = await client.AskAsync($"uuid_dump {channel}", cancellationToken);
            if (dump is null)
            {
                return End(outcome);
            }

            if (!dump.IsError)
            {
                onDump(dump.Body.Span);
                dumped++;
            }
            else if (dump.Text.Contains("No such channel", StringComparison.OrdinalIgnoreCase))
            {
                gone++;
            }
            else
            {
                return End(client.Refused("uuid_dump", dump.Text));
            }

            TimeSpan rest = _pace - time.GetElapsedTime(asked);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }

        return End(EslOutcome.Success);

        ChannelSyncResult End(EslOutcome outcome) => new(outcome, listed, dumped, gone);
    }

    /// <summary>The oldest hint for a channel not yet queried.</summary>
    private string? NextHint(HashSet<string> waiting)
    {
        lock (_gate)
        {
            while (_hints.TryDequeue(out string? hint))
            {
                if (waiting.Contains(hint))
                {
                    return hint;
                }
            }
        }

        return null;
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

/// <summary>The reply to <c>show channels as json</c>: <c>{"row_count":1,"rows":[{"uuid":"…",…}]}</c>, without <c>rows</c> if there are none.</summary>
internal static class ChannelList
{
    /// <summary>Reads the channels' ids in the switch's order; false if the reply is something else. Skips ids that would break a command line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out List<string> channels)
    {
        channels = [];
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("uuid"u8) || !reader.Read() || reader.TokenType != JsonTokenType.String)
                {
                    continue;
                }

                string id = reader.GetString()!;
                if (id.Length > 0 && EslCommand.IsOneLine(id) && !id.Contains(' ', StringComparison.Ordinal))
                {
                    channels.Add(id);
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
