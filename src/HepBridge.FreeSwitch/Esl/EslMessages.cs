using System.Text;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>The sentences that tell an operator what a switch did and which of its settings to look at.</summary>
internal static class EslMessages
{
    public static EslOutcome NameNotResolved(EslEndpoint endpoint, string why) => new(
        EslDisconnectReason.NameNotResolved,
        $"The switch's name {endpoint.Server} has no address ({why}): check ESL_SERVER and the resolver.");

    public static EslOutcome CannotConnect(EslEndpoint endpoint, string why) => new(
        EslDisconnectReason.CannotConnect,
        $"Cannot connect to the event socket {endpoint} ({why}): check that FreeSWITCH runs with mod_event_socket, and listen-ip and listen-port in its event_socket.conf.xml.");

    public static EslOutcome Rejected(EslEndpoint endpoint) => new(
        EslDisconnectReason.Rejected,
        $"The switch {endpoint} refuses this host's address: add it to the list that apply-inbound-acl names in event_socket.conf.xml (default loopback.auto, which allows loopback only).");

    public static EslOutcome WrongPassword(EslEndpoint endpoint) => new(
        EslDisconnectReason.WrongPassword,
        endpoint.User is null
            ? $"The switch {endpoint} refuses the password: ESL_PASS must equal password in its event_socket.conf.xml."
            : $"The switch {endpoint} refuses user {endpoint.User}: ESL_USER must be user@domain of its directory, and ESL_PASS that user's esl-password.");

    public static EslOutcome BadPassword(EslEndpoint endpoint) => new(
        EslDisconnectReason.WrongPassword,
        $"User or password for the switch {endpoint} hold a line break or a NUL, which can't be sent: check ESL_USER and ESL_PASS.");

    public static EslOutcome NotAnEventSocket(EslEndpoint endpoint, string why) => new(
        EslDisconnectReason.NotAnEventSocket,
        $"What listens on {endpoint} isn't FreeSWITCH's event socket ({why}): check ESL_SERVER and ESL_PORT against listen-ip and listen-port in event_socket.conf.xml.");

    public static EslOutcome NoGreeting(EslEndpoint endpoint, TimeSpan timeout) => new(
        EslDisconnectReason.TimedOut,
        $"{endpoint} accepts connections but sent no event socket greeting in {timeout.TotalSeconds:0.#} s: check ESL_PORT, and whether the switch hangs.");

    public static EslOutcome NoReply(EslEndpoint endpoint, string command, TimeSpan timeout) => new(
        EslDisconnectReason.TimedOut,
        $"The switch {endpoint} didn't answer '{EslCommand.Redacted(command)}' in {timeout.TotalSeconds:0.#} s: check whether it hangs or is overloaded.");

    public static EslOutcome Refused(EslEndpoint endpoint, string command, string reply) => new(
        EslDisconnectReason.SubscriptionRefused,
        endpoint.User is null
            ? $"The switch {endpoint} answers '{reply}' to '{EslCommand.Redacted(command)}'."
            : $"The switch {endpoint} answers '{reply}' to '{EslCommand.Redacted(command)}': check esl-allowed-events, esl-allowed-api and esl-allowed-log of user {endpoint.User}.");

    public static EslOutcome DisconnectNotice(EslEndpoint endpoint) => new(
        EslDisconnectReason.DisconnectNotice,
        $"The switch {endpoint} ended the connection (disconnect notice): it stops this listener, for a client that reads too slowly, or mod_event_socket is unloaded.");

    public static EslOutcome Closed(EslEndpoint endpoint, bool cut) => new(
        EslDisconnectReason.Closed,
        cut
            ? $"The switch {endpoint} closed the connection in the middle of a frame, whose beginning is lost."
            : $"The switch {endpoint} closed the connection.");

    public static EslOutcome Broken(EslEndpoint endpoint, string why) => new(
        EslDisconnectReason.Broken,
        $"The connection to the switch {endpoint} broke ({why}).");

    public static EslOutcome BadFrame(EslEndpoint endpoint, EslFrameError error) => new(
        EslDisconnectReason.BadFrame,
        $"The switch {endpoint} sent bytes that aren't frames of an event socket ({Describe(error)}); the connection is made anew.");

    public static EslOutcome DeadPeer(EslEndpoint endpoint, TimeSpan silence, TimeSpan reply) => new(
        EslDisconnectReason.DeadPeer,
        $"The switch {endpoint} sent nothing for {silence.TotalSeconds:0} s and no answer to 'api version' in {reply.TotalSeconds:0} s: the connection is taken for dead and made anew.");

    public static EslOutcome Stopped() => new(EslDisconnectReason.Stopped, "Stopped.");

    public static string Describe(EslFrameError error) => error switch
    {
        EslFrameError.HeaderWithoutColon => "a header line without a colon",
        EslFrameError.HeadersTooLong => "headers without an end",
        EslFrameError.NoContentType => "no Content-Type",
        EslFrameError.BadContentLength => "a bad Content-Length",
        EslFrameError.FrameTooLong => "a frame above the size cap",
        _ => "nothing wrong",
    };

    /// <summary>A peer's text for a message: its first line, printable, at most 120 characters.</summary>
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
