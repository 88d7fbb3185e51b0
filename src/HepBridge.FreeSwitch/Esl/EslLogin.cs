using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>The start of a connection: the switch greets with <c>auth/request</c>, the client sends its password.</summary>
public static class EslLogin
{
    /// <summary>Logs in within <paramref name="timeout"/>. Every failure is an outcome; only cancellation throws.</summary>
    public static async Task<EslOutcome> RunAsync(
        EslConnection connection, EslEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(endpoint);
        string command = endpoint.User is null ? $"auth {endpoint.Password}" : $"userauth {endpoint.User}:{endpoint.Password}";
        if (!EslCommand.IsOneLine(command))
        {
            return EslMessages.BadPassword(endpoint);
        }

        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        bool greeted = false;
        try
        {
            EslReply greeting = await EslReply.ReceiveAsync(connection, both.Token);
            if (greeting.ContentType != EslContentType.AuthRequest)
            {
                return Unexpected(connection, endpoint, greeting, greeted: false);
            }

            greeted = true;
            await connection.SendAsync(command, both.Token);
            EslReply reply = await EslReply.ReceiveAsync(connection, both.Token);
            return reply.ContentType != EslContentType.CommandReply ? Unexpected(connection, endpoint, reply, greeted)
                : reply.IsError ? EslMessages.WrongPassword(endpoint)
                : EslOutcome.Success;
        }
        catch (SocketException e)
        {
            return EslMessages.Broken(endpoint, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return greeted ? EslMessages.NoReply(endpoint, command, timeout) : EslMessages.NoGreeting(endpoint, timeout);
        }
    }

    private static EslOutcome Unexpected(EslConnection connection, EslEndpoint endpoint, EslReply reply, bool greeted) => reply.ContentType switch
    {
        EslContentType.RudeRejection => EslMessages.Rejected(endpoint),
        EslContentType.DisconnectNotice => EslMessages.DisconnectNotice(endpoint),
        null when connection.Error != EslFrameError.None => EslMessages.NotAnEventSocket(endpoint, EslMessages.Describe(connection.Error)),
        null when greeted => EslMessages.Closed(endpoint, connection.HasPartialFrame),
        null => EslMessages.NotAnEventSocket(endpoint, "it closed the connection without a greeting"),
        _ => EslMessages.NotAnEventSocket(endpoint, greeted ? "it didn't answer the login" : "it doesn't ask for a login"),
    };
}
