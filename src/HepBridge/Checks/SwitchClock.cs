using System.Globalization;

namespace HepBridge.Checks;

/// <summary>Measures the difference between the switch's clock and this host's. <c>strmicroepoch</c> (mod_dptools) returns µs since 1970.</summary>
internal static class SwitchClock
{
    /// <summary>Homer sorts a call's rows by time: a larger difference mixes them up.</summary>
    private const double Tolerated = 2;

    private const double Exact = 0.05;

    public static async Task LookAsync(SwitchSession session, CheckResults results, TimeProvider time, TimeSpan maxSkew, CancellationToken cancellationToken)
    {
        long before = time.GetTimestamp();
        if (await session.AskApiAsync("strmicroepoch", cancellationToken) is not { } answer)
        {
            return;
        }

        TimeSpan way = time.GetElapsedTime(before) / 2;
        if (!long.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) || microseconds > 253_402_300_799_000_000)
        {
            results.Warning("'api strmicroepoch' returned no time, so the clock was not checked", null);
            return;
        }

        TimeSpan ahead = DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) - (time.GetUtcNow() - way);
        double seconds = Math.Abs(ahead.TotalSeconds);
        string difference = string.Create(CultureInfo.InvariantCulture, $"its clock is {seconds:0.0##} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this host's");
        const string advice = "run NTP or chrony on both hosts, then 'fsctl sync_clock' on the switch";
        if (maxSkew > TimeSpan.Zero && seconds > maxSkew.TotalSeconds)
        {
            results.Error($"{difference}, more than max_clock_skew: every time would be replaced", advice);
        }
        else if (seconds > Tolerated)
        {
            results.Warning($"{difference}: Homer sorts a call by these times", advice);
        }
        else
        {
            results.Ok(seconds < Exact ? "its clock matches this host's" : difference);
        }
    }
}
