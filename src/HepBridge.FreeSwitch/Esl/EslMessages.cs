using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>Sentences for operators: what a switch did, and which of its settings to check.</summary>
internal static class EslMessages
{
    public static EslOutcome NameNotResolved(EslEndpoint endpoint, string why) => new(EslDisconnectReason.NameNotResolved,
        $"Cannot resolve the switch's name {endpoint.Server} ({why}): check ESL_SERVER and DNS.");

    public static EslOutcome CannotConnect(EslEndpoint endpoint, string why) => new(EslDisconnectReason.CannotConnect,
        $"Cannot connect to the event socket {endpoint} ({why}): check that FreeSWITCH is running with mod_event_socket, and check listen-ip and listen-port in event_socket.conf.xml.");

    public static EslOutcome Rejected(EslEndpoint endpoint) => new(EslDisconnectReason.Rejected,
        $"The switch {endpoint} refuses this host's address: add it to the access list named by apply-inbound-acl in event_socket.conf.xml (default: loopback.auto, loopback only).");

    public static EslOutcome WrongPassword(EslEndpoint endpoint) => new(EslDisconnectReason.WrongPassword,
        endpoint.User is null
            ? $"The switch {endpoint} refuses the password: ESL_PASS must match password in event_socket.conf.xml."
            : $"The switch {endpoint} refuses user {endpoint.User}: ESL_USER must be a user@domain of its directory, and ESL_PASS that user's esl-password.");

    public static EslOutcome BadPassword(EslEndpoint endpoint) => new(EslDisconnectReason.WrongPassword,
        $"User or password for the switch {endpoint} contains a line break or a NUL: check ESL_USER and ESL_PASS.");

    public static EslOutcome NotAnEventSocket(EslEndpoint endpoint, string why) => new(EslDisconnectReason.NotAnEventSocket,
        $"{endpoint} is not a FreeSWITCH event socket ({why}): compare ESL_SERVER and ESL_PORT with listen-ip and listen-port in event_socket.conf.xml.");

    public static EslOutcome NoGreeting(EslEndpoint endpoint, TimeSpan timeout) => new(EslDisconnectReason.TimedOut,
        $"{endpoint} accepts connections but sent no event socket greeting in {timeout.TotalSeconds:0.#} s: check ESL_PORT and whether the switch is hung.");

    public static EslOutcome NoReply(EslEndpoint endpoint, string command, TimeSpan timeout) => new(EslDisconnectReason.TimedOut,
        $"The switch {endpoint} did not answer '{EslCommand.Redacted(command)}' in {timeout.TotalSeconds:0.#} s: check whether it is hung or overloaded.");

    public static EslOutcome Refused(EslEndpoint endpoint, string command, string reply) => new(EslDisconnectReason.SubscriptionRefused,
        endpoint.User is null
            ? $"The switch {endpoint} answered '{EslCommand.Redacted(command)}' with '{reply}'."
            : $"The switch {endpoint} answered '{EslCommand.Redacted(command)}' with '{reply}': check esl-allowed-events, esl-allowed-api and esl-allowed-log of user {endpoint.User}.");

    public static EslOutcome DisconnectNotice(EslEndpoint endpoint) => new(EslDisconnectReason.DisconnectNotice,
        $"The switch {endpoint} ended the connection (disconnect notice): the client read too slowly, or mod_event_socket was unloaded.");

    public static EslOutcome Closed(EslEndpoint endpoint, bool cut) => new(EslDisconnectReason.Closed,
        cut
            ? $"The switch {endpoint} closed the connection in the middle of a frame; the partial frame is lost."
            : $"The switch {endpoint} closed the connection.");

    public static EslOutcome Broken(EslEndpoint endpoint, string why) => new(EslDisconnectReason.Broken,
        $"The connection to the switch {endpoint} broke ({why}).");

    public static EslOutcome BadFrame(EslEndpoint endpoint, EslFrameError error) => new(EslDisconnectReason.BadFrame,
        $"The switch {endpoint} sent data that is not event socket frames ({Describe(error)}); reconnecting.");

    public static EslOutcome DeadPeer(EslEndpoint endpoint, TimeSpan silence, TimeSpan reply) => new(EslDisconnectReason.DeadPeer,
        $"The switch {endpoint} was silent for {silence.TotalSeconds:0} s and did not answer 'api version' in {reply.TotalSeconds:0} s: the connection is dead, reconnecting.");

    public static EslOutcome Stopped() => new(EslDisconnectReason.Stopped, "Stopped.");

    /// <summary>Anything other than a reply to a command.</summary>
    public static EslOutcome Unexpected(EslEndpoint endpoint, EslConnection connection, EslReply received, string why) => received.ContentType switch
    {
        EslContentType.DisconnectNotice => DisconnectNotice(endpoint),
        null when connection.Error != EslFrameError.None => BadFrame(endpoint, connection.Error),
        null => Closed(endpoint, connection.HasPartialFrame),
        _ => NotAnEventSocket(endpoint, why),
    };

    public static string Describe(EslFrameError error) => error switch
    {
        EslFrameError.HeaderWithoutColon => "a header line without a colon",
        EslFrameError.HeadersTooLong => "headers that never end",
        EslFrameError.NoContentType => "no Content-Type",
        EslFrameError.BadContentLength => "a bad Content-Length",
        EslFrameError.FrameTooLong => "a frame above the size limit",
        _ => "nothing wrong",
    };

    /// <summary>A peer's text for use in a message: its first line, printable, at most 120 characters.</summary>
    public static string Clean(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)'\n', (byte)'\r');
        string line = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
        return string.Create(Math.Min(line.Length, 120), line, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '.' : source[i];
            }
        });
    }
}
