using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>Services for the check of an input.</summary>
/// <param name="Calls">Options of all calls.</param>
/// <param name="Time">The clock.</param>
/// <param name="Patience">Longest wait for data.</param>
/// <param name="Timeout">Longest wait for a connection or a reply.</param>
internal sealed record CheckServices(CallOptions Calls, TimeProvider Time, TimeSpan Patience, TimeSpan Timeout)
{
    /// <summary>The configured HEP inputs, where a switch's SIP should go.</summary>
    public IReadOnlyList<HepInputConfiguration> HepInputs { get; init; } = [];
}
