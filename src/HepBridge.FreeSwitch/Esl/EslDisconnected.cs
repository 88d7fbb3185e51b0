namespace HepBridge.FreeSwitch.Esl;

/// <summary>A lost connection or a failed attempt.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Message">One sentence: what happened and what to check.</param>
/// <param name="WasConnected">Whether the connection was established.</param>
/// <param name="Failures">Failures in a row, including this one.</param>
/// <param name="NextTry">Delay before the next attempt; zero if there is none.</param>
/// <param name="IsNews">Whether the state changed: a connection was lost, or the reason differs from the last failure's.</param>
public readonly record struct EslDisconnected(
    EslDisconnectReason Reason, string Message, bool WasConnected, int Failures, TimeSpan NextTry, bool IsNews);
