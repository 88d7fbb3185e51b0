using Microsoft.Extensions.Logging;

namespace HepBridge.Diagnostics;

/// <summary>The agent's log messages, one file per area; ids are never reused. Pipeline and calls: 3000–3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "The clock of switch {Switch} is {Seconds:0.0} s off: packets carry its time, and collectors sort by it. Run NTP on both hosts, then 'fsctl sync_clock' on the switch.")]
    public static partial void SwitchClockOff(ILogger logger, string @switch, double seconds);

    [LoggerMessage(3001, LogLevel.Warning, "More than {PerAddress} registrations a minute from one address, or {Total} in all, fail on switch {Switch}, now from {Address}: someone may be guessing passwords. Further failures of this minute are counted, not reported.")]
    public static partial void RegistrationFailures(ILogger logger, int perAddress, int total, string @switch, string address);
}
