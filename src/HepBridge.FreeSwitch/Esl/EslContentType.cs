namespace HepBridge.FreeSwitch.Esl;

/// <summary>Kind of an event socket frame, from its <c>Content-Type</c> header (mod_event_socket.c).</summary>
public enum EslContentType
{
    Other,

    /// <summary><c>auth/request</c>: the greeting, which asks for a password.</summary>
    AuthRequest,

    /// <summary><c>command/reply</c>: the reply to a command, in the header <c>Reply-Text</c>.</summary>
    CommandReply,

    /// <summary><c>api/response</c>: the output of an <c>api</c> command, in the body.</summary>
    ApiResponse,

    /// <summary><c>text/event-plain</c>: an event as URL-encoded header lines.</summary>
    EventPlain,

    /// <summary><c>text/event-json</c>: an event as a JSON object.</summary>
    EventJson,

    /// <summary><c>text/event-xml</c>: an event as XML.</summary>
    EventXml,

    /// <summary><c>log/data</c>: a line of the switch's log; its level and channel are in the frame's headers.</summary>
    LogData,

    /// <summary><c>text/disconnect-notice</c>: the switch is about to close.</summary>
    DisconnectNotice,

    /// <summary><c>text/rude-rejection</c>: the switch's access list rejects the client's address.</summary>
    RudeRejection,
}
