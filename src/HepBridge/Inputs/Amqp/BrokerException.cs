namespace HepBridge.Inputs.Amqp;

/// <summary>The broker cannot be used; the message says why and what to do, in one sentence.</summary>
internal sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
