using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using Microsoft.Extensions.Logging;

namespace HepBridge.Calls;

/// <summary>Finds the Call-IDs of failed registrations, and leaves out those that exceed the limits of password guessing.</summary>
internal sealed class RegistrationFailures(PipelineCounters counters, BatchClock clock, ILogger logger)
{
    private readonly RegistrationAttempts _attempts = new();
    private readonly RegistrationFailureLimit _limit = new();

    /// <summary>Records an attempt that may have failed.</summary>
    public void ObserveAttempt(scoped in FreeSwitchEvent e, Switch owner) => _attempts.Observe(e, owner, clock.Milliseconds);

    /// <summary>The Call-ID to report a failure with; empty if it must not be reported, counted with the reason.</summary>
    /// <param name="e">The failure.</param>
    /// <param name="owner">Its switch.</param>
    /// <param name="scratch">Holds the Call-ID if it has to be decoded.</param>
    public ReadOnlySpan<byte> Admit(scoped in FreeSwitchEvent e, Switch owner, Span<byte> scratch)
    {
        ReadOnlySpan<byte> callId = e.Get(KnownHeader.RegistrationCallId).Decode(scratch);
        callId = callId.IsEmpty ? _attempts.Take(e, owner, clock.Milliseconds) : callId;
        if (callId.IsEmpty)
        {
            counters.AddUncorrelated(UncorrelatedReason.RegistrationUnmatched);
            return default;
        }

        _ = HepAddress.TryParse(e.Get(KnownHeader.NetworkIp).Decode(stackalloc byte[64]), out HepAddress address);
        if (_limit.Allows(address, clock.Milliseconds, out bool isFirst))
        {
            return callId;
        }

        counters.AddUncorrelated(UncorrelatedReason.RegistrationLimit);
        if (isFirst)
        {
            Log.RegistrationFailures(logger, RegistrationFailureLimit.PerAddress, RegistrationFailureLimit.Total, owner.Name, address.ToString());
        }

        return default;
    }
}
