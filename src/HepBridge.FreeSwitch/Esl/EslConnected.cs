namespace HepBridge.FreeSwitch.Esl;

/// <summary>An established connection.</summary>
/// <param name="Endpoint">The switch.</param>
/// <param name="FailuresBefore">Failed attempts since the last connection or the start.</param>
/// <param name="IsFirst">Whether it is the first one of this client.</param>
public readonly record struct EslConnected(EslEndpoint Endpoint, int FailuresBefore, bool IsFirst);
