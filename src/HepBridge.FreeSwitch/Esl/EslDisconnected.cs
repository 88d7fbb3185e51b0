namespace HepBridge.FreeSwitch.Esl;

/// <summary>A connection that ended, or a try that failed.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Message">One sentence: what happened and what to look at.</param>
/// <param name="WasConnected">Whether events could come before.</param>
/// <param name="Failures">Failures in a row, this one included.</param>
/// <param name="NextTry">The wait before the next try; zero: none comes.</param>
/// <param name="IsNews">Whether the state changed: a connection was lost, or the reason differs from the last failure's. The rest is repetition.</param>
public readonly record struct EslDisconnected(
    EslDisconnectReason Reason, string Message, bool WasConnected, int Failures, TimeSpan NextTry, bool IsNews);
