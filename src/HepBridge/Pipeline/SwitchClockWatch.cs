using HepBridge.Calls;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using Microsoft.Extensions.Logging;

namespace HepBridge.Pipeline;

/// <summary>Compares each switch's clock with ours; warns at most once an hour if they differ.</summary>
internal sealed class SwitchClockWatch(BatchClock clock, ILogger logger)
{
    private const long WarningMicroseconds = 2_000_000;
    private const long WarningIntervalMilliseconds = 3_600_000;

    /// <summary>Looks at a HEARTBEAT.</summary>
    public void Observe(scoped in FreeSwitchEvent e, Switch owner)
    {
        owner.LastHeartbeatMilliseconds = clock.Milliseconds;
        if (!e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp))
        {
            return;
        }

        owner.ClockDifferenceMicroseconds = stamp - clock.UnixMicroseconds;
        bool isOff = Math.Abs(owner.ClockDifferenceMicroseconds) > WarningMicroseconds;
        if (isOff && (owner.ClockWarnedMilliseconds is not { } warned || clock.Milliseconds - warned > WarningIntervalMilliseconds))
        {
            owner.ClockWarnedMilliseconds = clock.Milliseconds;
            Log.SwitchClockOff(logger, owner.Name, owner.ClockDifferenceMicroseconds / 1_000_000.0);
        }
    }
}
