namespace HepBridge.FreeSwitch.Esl;

/// <summary>A connection that stands.</summary>
/// <param name="Endpoint">The switch.</param>
/// <param name="FailuresBefore">Tries that failed since the last connection, or since the start.</param>
/// <param name="IsFirst">Whether it is the first one of this client.</param>
public readonly record struct EslConnected(EslEndpoint Endpoint, int FailuresBefore, bool IsFirst);
