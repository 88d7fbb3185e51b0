using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>What the check of an input may use.</summary>
/// <param name="Calls">The options of all calls.</param>
/// <param name="Time">The clock.</param>
/// <param name="Patience">How long to wait for data.</param>
/// <param name="Timeout">How long to wait for a connection or an answer.</param>
internal sealed record CheckServices(CallOptions Calls, TimeProvider Time, TimeSpan Patience, TimeSpan Timeout);
