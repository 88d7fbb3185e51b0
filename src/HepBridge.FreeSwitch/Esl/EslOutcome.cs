namespace HepBridge.FreeSwitch.Esl;

/// <summary>Outcome of an operation on a switch: a reason, and one sentence on what happened and what to check. Never contains a password.</summary>
/// <param name="Reason"><see cref="EslDisconnectReason.None"/> on success.</param>
/// <param name="Message">Empty on success.</param>
public readonly record struct EslOutcome(EslDisconnectReason Reason, string Message)
{
    public static EslOutcome Success => new(EslDisconnectReason.None, "");

    public bool IsSuccess => Reason == EslDisconnectReason.None;
}
