namespace HepBridge.FreeSwitch.Esl;

/// <summary>A way to execute a switch's API commands, one at a time.</summary>
public interface IApiClient : IAsyncDisposable
{
    /// <summary>Executes one command, without "api". Returns null and the reason if no reply arrives. Only cancellation throws.</summary>
    Task<(EslReply? Reply, EslOutcome Outcome)> AskAsync(string command, CancellationToken cancellationToken);

    /// <summary>The switch refused a command.</summary>
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
