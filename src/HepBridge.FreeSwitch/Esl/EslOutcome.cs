namespace HepBridge.FreeSwitch.Esl;

/// <summary>How something with a switch went: a reason, and one sentence on what happened and what to look at. Never holds a password.</summary>
/// <param name="Reason"><see cref="EslDisconnectReason.None"/>: it went well.</param>
/// <param name="Message">Empty if it went well.</param>
public readonly record struct EslOutcome(EslDisconnectReason Reason, string Message)
{
    /// <summary>It went well.</summary>
    public static EslOutcome Success => new(EslDisconnectReason.None, "");

    /// <summary>Whether it went well.</summary>
    public bool IsSuccess => Reason == EslDisconnectReason.None;
}
