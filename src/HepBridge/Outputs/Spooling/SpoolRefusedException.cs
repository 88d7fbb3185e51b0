namespace HepBridge.Outputs.Spooling;

/// <summary>A spool's directory can't be used. The message says why and what to do.</summary>
internal sealed class SpoolRefusedException(string message, Exception inner) : Exception(message, inner);
