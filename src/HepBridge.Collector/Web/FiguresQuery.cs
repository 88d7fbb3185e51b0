using HepBridge.Collector.Store;
using HepBridge.Hep;

namespace HepBridge.Collector.Web;

/// <summary>Figures over the calls that started within the last minutes.</summary>
/// <param name="Minutes">How far back; 0: all stored calls.</param>
internal sealed record FiguresQuery(int Minutes)
{
    private const long Second = 1_000_000;
    private const long Hour = 3600 * Second;
    private const long Day = 24 * Hour;
    private const int MaxPeers = 6;
    private const int MaxSwitches = 64;
    private const int Steps = 30;

    /// <param name="store">Contains the calls.</param>
    /// <param name="now">Microseconds since 1970.</param>
    public CallFigures Run(CallStore store, long now) => store.Read(reader =>
    {
        // A sender with a broken clock must not stretch the chart over a century.
        List<Call> calls = [.. reader.Calls.Where(call => call.Kind == DialogKind.Call && call.First > 0 && call.First < now + Day)];
        bool isLive = calls.Count == 0 || calls.Exists(call => call.Last > now - Hour);
        long newest = calls.Count == 0 ? now : calls.Max(static call => call.First);
        long end = (isLive ? now : newest) + 1;
        long start = Minutes > 0 ? end - (Minutes * 60 * Second) : calls.Count == 0 ? end - Hour : calls.Min(static call => call.First);
        long step = Step(end - start);
        start = start / step * step;

        List<FigureBucket> buckets = [];
        List<Call> within = calls.FindAll(call => call.First >= start && call.First < end);
        ILookup<long, Call> byStep = within.ToLookup(call => (call.First - start) / step);
        for (long at = 0; start + (at * step) < end; at++)
        {
            buckets.Add(new FigureBucket(
                start + (at * step), byStep[at].Count(), byStep[at].Count(static call => call.State == CallState.Failed), byStep[at].Average(static call => call.Mos)));
        }

        int decided = within.Count(static call => call.State is not (CallState.Calling or CallState.Ringing or CallState.Unknown));
        int answered = within.Count(static call => call.Caller.AnsweredAt is not null);
        List<Leg> judged = [.. within.SelectMany(static call => call.Legs).Where(static leg => leg.Level != QualityLevel.Unknown)];
        return new CallFigures(
            start, end, isLive, within.Count, answered,
            within.Count(static call => call.State == CallState.Failed),
            within.Count(static call => call.State == CallState.Cancelled),
            calls.Count(static call => call.State is CallState.Calling or CallState.Ringing or CallState.Answered),
            decided == 0 ? null : 100.0 * answered / decided,
            (long?)within.Where(static call => call.Caller.EndedAt is not null).Average(static call => call.Duration),
            judged.Count, judged.Count(static leg => leg.Level == QualityLevel.Bad), buckets, [.. Peers(within)],
            [.. calls.SelectMany(static call => call.Legs).Select(static leg => leg.SwitchName).Where(static name => name.Length > 0).Distinct().Take(MaxSwitches).Order(StringComparer.Ordinal)]);
    });

    // A round step that gives about thirty columns: 10 s for 5 minutes, 2 minutes for an hour.
    private static long Step(long span)
    {
        ReadOnlySpan<int> seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200];
        foreach (int step in seconds)
        {
            if (span / (step * Second) <= Steps)
            {
                return step * Second;
            }
        }

        return (span / Steps / Day * Day) + Day;
    }

    private static IEnumerable<PeerFigures> Peers(List<Call> calls) => calls
        .SelectMany(static call => call.Legs.Select(leg => (Address: FarEnd(call, leg), Leg: leg)))
        .Where(static p => p.Address.Length > 0)
        .GroupBy(static p => p.Address, static p => p.Leg)
        .Select(static g => new PeerFigures(
            g.Key,
            g.Count(),
            g.Count(static leg => leg.Level == QualityLevel.Bad),
            g.Count(static leg => leg.State == CallState.Failed),
            g.Average(static leg => leg.Mos),
            g.Average(static leg => leg.LossPercent)))
        .OrderByDescending(static p => p.Bad).ThenBy(static p => p.Mos ?? double.MaxValue).ThenByDescending(static p => p.Failed).ThenBy(static p => p.Address, StringComparer.Ordinal)
        .Take(MaxPeers);

    // The host that is not the switch.
    private static string FarEnd(Call call, Leg leg)
    {
        if (leg.Hosts is not (HepAddress source, HepAddress destination))
        {
            return string.Empty;
        }

        bool calls = leg.Switch is HepAddress at ? destination.Equals(at) || (leg == call.Caller && !source.Equals(at)) : leg == call.Caller;
        return (calls ? source : destination).ToString();
    }
}
