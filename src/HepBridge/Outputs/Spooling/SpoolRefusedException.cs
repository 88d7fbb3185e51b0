namespace HepBridge.Outputs.Spooling;

/// <summary>A spool's directory is unusable. The message says why and what to do.</summary>
internal sealed class SpoolRefusedException(string message, Exception inner) : Exception(message, inner);
