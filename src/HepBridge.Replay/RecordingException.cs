namespace HepBridge.Replay;

/// <summary>A file is not a recording of an event socket; the message says why.</summary>
internal sealed class RecordingException(string message) : Exception(message);
