namespace HepBridge.FreeSwitch.Esl;

/// <summary>What a frame of the event socket is, by its <c>Content-Type</c> header (mod_event_socket.c).</summary>
public enum EslContentType
{
    /// <summary>A type that this client doesn't know.</summary>
    Other,

    /// <summary><c>auth/request</c>: the greeting, it waits for a password.</summary>
    AuthRequest,

    /// <summary><c>command/reply</c>: the answer to a command, in the header <c>Reply-Text</c>.</summary>
    CommandReply,

    /// <summary><c>api/response</c>: the output of an <c>api</c> command, in the body.</summary>
    ApiResponse,

    /// <summary><c>text/event-plain</c>: an event as URL-encoded header lines.</summary>
    EventPlain,

    /// <summary><c>text/event-json</c>: an event as a JSON object.</summary>
    EventJson,

    /// <summary><c>text/event-xml</c>: an event as XML.</summary>
    EventXml,

    /// <summary><c>log/data</c>: a line of the switch's log, its level and channel in the frame's own headers.</summary>
    LogData,

    /// <summary><c>text/disconnect-notice</c>: the switch is about to close.</summary>
    DisconnectNotice,

    /// <summary><c>text/rude-rejection</c>: the switch's access list refuses the client's address.</summary>
    RudeRejection,
}
