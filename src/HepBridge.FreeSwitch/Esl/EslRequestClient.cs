using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>Requests and replies on a logged-in connection, one at a time. Events in between are dropped.</summary>
/// <param name="connection">Logged in; nobody else may read it.</param>
/// <param name="endpoint">For messages.</param>
/// <param name="timeout">Longest wait for a reply.</param>
/// <param name="time">Clock of the timeouts.</param>
public sealed class EslRequestClient(EslConnection connection, EslEndpoint endpoint, TimeSpan timeout, TimeProvider time)
{
    /// <summary>
    /// Sends one command and returns its reply (<c>command/reply</c> or <c>api/response</c>), refusals included. Returns null and the reason if no reply
    /// arrives; the connection is unusable then. Only cancellation throws.
    /// </summary>
    public async Task<(EslReply? Reply, EslOutcome Outcome)> AskAsync(string command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await connection.SendAsync(command, both.Token);
            EslReply reply = await EslReply.ReceiveAsync(connection, both.Token);
            return reply.ContentType is EslContentType.ApiResponse or EslContentType.CommandReply
                ? (reply, EslOutcome.Success)
                : (null, EslMessages.Unexpected(endpoint, connection, reply, $"it didn't answer '{EslCommand.Redacted(command)}'"));
        }
        catch (SocketException e)
        {
            return (null, EslMessages.Broken(endpoint, e.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, EslMessages.NoReply(endpoint, command, timeout));
        }
    }
}

/// <summary>A way to execute a switch's API commands, one at a time.</summary>
public interface IApiClient : IAsyncDisposable
{
    /// <summary>Executes one command, without "api". Returns null and the reason if no reply arrives. Only cancellation throws.</summary>
    Task<(EslReply? Reply, EslOutcome Outcome)> AskAsync(string command, CancellationToken cancellationToken);

    EslOutcome Refused(string command, string reply);
}

/// <summary>API commands over an event socket connection of their own.</summary>
internal sealed class EslApiClient(EslConnection connection, EslEndpoint endpoint, TimeSpan timeout, TimeProvider time) : IApiClient
{
    private readonly EslRequestClient _client = new(connection, endpoint, timeout, time);

    public Task<(EslReply? Reply, EslOutcome Outcome)> AskAsync(string command, CancellationToken cancellationToken) =>
        _client.AskAsync($"api {command}", cancellationToken);

    public EslOutcome Refused(string command, string reply) => EslMessages.Refused(endpoint, $"api {command}", reply);

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
