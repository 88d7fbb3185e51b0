namespace HepBridge.FreeSwitch.Esl;

/// <summary>Why a connection to a switch isn't there (any more).</summary>
public enum EslDisconnectReason
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The name has no address.</summary>
    NameNotResolved,

    /// <summary>No address accepted the connection in time.</summary>
    CannotConnect,

    /// <summary>The switch's access list refuses this host (<c>text/rude-rejection</c>).</summary>
    Rejected,

    /// <summary>Wrong password, user or domain.</summary>
    WrongPassword,

    /// <summary>Whatever listens there isn't an event socket.</summary>
    NotAnEventSocket,

    /// <summary>The switch didn't answer in time.</summary>
    TimedOut,

    /// <summary>The switch refused the subscription (<c>-ERR</c>).</summary>
    SubscriptionRefused,

    /// <summary>The switch said that it closes (<c>text/disconnect-notice</c>).</summary>
    DisconnectNotice,

    /// <summary>The switch closed the connection.</summary>
    Closed,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>The stream's bytes aren't frames, or a frame is too large.</summary>
    BadFrame,

    /// <summary>No byte for long, and no answer to a question either.</summary>
    DeadPeer,

    /// <summary>This program stops.</summary>
    Stopped,
}
