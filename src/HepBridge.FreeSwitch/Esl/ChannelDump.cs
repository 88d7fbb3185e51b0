namespace HepBridge.FreeSwitch.Esl;

/// <summary>Receives a channel's data: a CHANNEL_DATA event in plain format, valid during the call.</summary>
public delegate void ChannelDump(ReadOnlySpan<byte> plainEvent);
