namespace HepBridge.FreeSwitch.Esl;

/// <summary>Outcome of an operation on a switch: a reason, and one sentence on what happened and what to check. Never contains a password.</summary>
/// <param name="Reason"><see cref="EslDisconnectReason.None"/> on success.</param>
/// <param name="Message">Empty on success.</param>
public readonly record struct EslOutcome(EslDisconnectReason Reason, string Message)
{
    public static EslOutcome Success => new(EslDisconnectReason.None, "");
    public bool IsSuccess => Reason == EslDisconnectReason.None;
}

/// <summary>Why there is no connection to a switch.</summary>
public enum EslDisconnectReason
{
    None,
    NameNotResolved,

    /// <summary>No address accepted a connection in time.</summary>
    CannotConnect,

    /// <summary>The switch's access list rejects this host (<c>text/rude-rejection</c>).</summary>
    Rejected,

    /// <summary>Wrong password, user or domain.</summary>
    WrongPassword,
    NotAnEventSocket,
    TimedOut,

    /// <summary>The switch refused the subscription (<c>-ERR</c>).</summary>
    SubscriptionRefused,

    /// <summary>The switch announced that it closes the connection (<c>text/disconnect-notice</c>).</summary>
    DisconnectNotice,

    /// <summary>The switch closed the connection without one.</summary>
    Closed,
    Broken,

    /// <summary>The stream is not made of frames, or a frame is too large.</summary>
    BadFrame,

    /// <summary>Silence for too long, and no reply to the probe.</summary>
    DeadPeer,
    Stopped,
}
