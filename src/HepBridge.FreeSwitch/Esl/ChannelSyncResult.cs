namespace HepBridge.FreeSwitch.Esl;

/// <summary>How asking for the channels that were already there went.</summary>
/// <param name="Outcome">A failure ends the asking; what was told before it stays true.</param>
/// <param name="Listed">Channels that the switch listed.</param>
/// <param name="Dumped">Channels that were told.</param>
/// <param name="Gone">Channels that had ended before they could be asked for.</param>
public readonly record struct ChannelSyncResult(EslOutcome Outcome, int Listed, int Dumped, int Gone);
