namespace HepBridge.FreeSwitch.Esl;

/// <summary>The outcome of querying the channels in progress.</summary>
/// <param name="Outcome">A failure ends the query; channels received before it remain valid.</param>
/// <param name="Listed">Channels that the switch listed.</param>
/// <param name="Dumped">Channels whose details were received.</param>
/// <param name="Gone">Channels that ended before they were queried.</param>
public readonly record struct ChannelSyncResult(EslOutcome Outcome, int Listed, int Dumped, int Gone);
