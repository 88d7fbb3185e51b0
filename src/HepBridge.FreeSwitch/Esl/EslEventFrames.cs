namespace HepBridge.FreeSwitch.Esl;

/// <summary>The events and log lines of a connection. Replies to commands in between are passed to the client.</summary>
public sealed class EslEventFrames
{
    private readonly EslConnection _connection;
    private readonly EslCommandQueue _commands;
    private readonly DeadPeerCheck _deadPeer;
    private readonly EslEndpoint _endpoint;
    private readonly IEslHandler _handler;

    internal EslEventFrames(EslConnection connection, EslCommandQueue commands, DeadPeerCheck deadPeer, EslEndpoint endpoint, IEslHandler handler)
    {
        (_connection, _commands, _deadPeer, _endpoint, _handler) = (connection, commands, deadPeer, endpoint, handler);
    }

    /// <summary>Set once the switch announced the end of the connection.</summary>
    internal EslOutcome End { get; private set; } = EslOutcome.Success;

    /// <summary>Takes the next event or log line, valid until the next call; false if no complete one is buffered.</summary>
    public bool TryRead(out EslFrame frame)
    {
        while (End.IsSuccess && _connection.TryReadFrame(out frame))
        {
            if (frame.IsEventOrLog)
            {
                if (IsHeartbeat(frame.Body))
                {
                    _deadPeer.Heartbeat();
                }

                return true;
            }

            Answer(frame);
        }

        frame = default;
        return false;
    }

    private static bool IsHeartbeat(ReadOnlySpan<byte> body) =>
        body.StartsWith("Event-Name: HEARTBEAT\n"u8) || body.StartsWith("{\"Event-Name\":\"HEARTBEAT\""u8);

    private void Answer(in EslFrame frame)
    {
        switch (frame.ContentType)
        {
            case EslContentType.CommandReply or EslContentType.ApiResponse:
                EslReply reply = EslReply.From(frame, withBody: false);
                if (_commands.Answered() is { } command && reply.IsError)
                {
                    _handler.OnRefused(EslMessages.Refused(_endpoint, command, reply.Text).Message);
                }

                break;
            case EslContentType.DisconnectNotice:
                End = EslMessages.DisconnectNotice(_endpoint);
                break;
            case EslContentType.RudeRejection:
                End = EslMessages.Rejected(_endpoint);
                break;
            default:
                // A greeting in mid-stream, or a type of a later FreeSWITCH: nothing we asked for.
                break;
        }
    }
}
