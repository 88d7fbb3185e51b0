using System.Globalization;

namespace HepBridge.Fuzz.Runs;

/// <summary>Combined results of a target's inputs.</summary>
internal sealed class TargetResult(string name)
{
    private readonly HashSet<string> _outcomes = new(StringComparer.Ordinal);
    private long _accepted;
    private TimeSpan _longest;
    private long _mostAllocated;

    public static string Header { get; } =
        $"{"target",-15} {"runs",10} {"runs/s",9} {"accepted",9} {"rejected",9} {"outcomes",9} {"longest",10} {"most allocated",15}";

    public long Runs { get; private set; }

    public long Failures { get; private set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>The first runs measure the compiler.</summary>
    private bool IsWarm => Runs > 100;

    public void Add(in Trial trial)
    {
        Runs++;
        if (trial.Problem is not null)
        {
            Failures++;
            return;
        }

        _accepted += trial.Outcome.Accepted ? 1 : 0;
        _outcomes.Add((trial.Outcome.Accepted ? "+" : "-") + trial.Outcome.Label);
        if (IsWarm)
        {
            _longest = trial.Time > _longest ? trial.Time : _longest;
            _mostAllocated = Math.Max(_mostAllocated, trial.Allocated);
        }
    }

    public override string ToString()
    {
        double accepted = Runs == 0 ? 0 : 100.0 * _accepted / Runs;
        string runs = string.Create(CultureInfo.InvariantCulture, $"{name,-15} {Runs,10:N0} {Runs / Math.Max(Elapsed.TotalSeconds, 1e-9),9:N0}");
        string shares = string.Create(CultureInfo.InvariantCulture, $"{accepted,8:0.0}% {100 - accepted,8:0.0}% {_outcomes.Count,9}");
        string costs = string.Create(CultureInfo.InvariantCulture, $"{_longest.TotalMilliseconds,7:0.0} ms {_mostAllocated / 1024,12:N0} KB");
        return $"{runs} {shares} {costs}{(Failures > 0 ? "  FAILED" : "")}";
    }
}
