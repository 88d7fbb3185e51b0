namespace HepBridge.FreeSwitch.Esl;

/// <summary>Takes a channel's data: an event CHANNEL_DATA in plain form, valid during the call.</summary>
public delegate void ChannelDump(ReadOnlySpan<byte> plainEvent);
