namespace HepBridge.Replay;

/// <summary>A file that isn't a recording of an event socket; the message says why.</summary>
internal sealed class RecordingException(string message) : Exception(message);
