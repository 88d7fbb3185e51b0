using System.Diagnostics;
using System.Globalization;
using HepBridge.Fuzz.Mutations;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>Runs targets one after the other and prints a line for each. A target stops at its first failing input; the others continue.</summary>
internal sealed class FuzzSession(FuzzOptions options, TextWriter output)
{
    private readonly Mutant _mutant = new();
    private readonly FailureFiles _files = new(options.Failures, options.Seed, output);

    /// <summary>False if any input failed.</summary>
    public bool Run(IReadOnlyList<FuzzTarget> targets)
    {
        using HangWatch watch = new(_files);
        long runs = 0;
        bool good = true;
        long start = Stopwatch.GetTimestamp();
        output.WriteLine(TargetResult.Header);
        foreach (FuzzTarget target in targets)
        {
            TargetResult result = Run(target, watch);
            output.WriteLine(result.ToString());
            runs += result.Runs;
            good &= result.Failures == 0;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runs:N0} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s, seed {options.Seed}: {(good ? "all rules held" : "an input failed")}."));
        output.WriteLine($"Limits for an input: {Limits.Time.TotalSeconds:0} s, 16 MB + 200 x its length.");
        return good;
    }

    private TargetResult Run(FuzzTarget target, HangWatch watch)
    {
        TargetResult result = new(target.Name);
        long start = Stopwatch.GetTimestamp();
        for (long run = 0; run < options.Runs; run++)
        {
            target.Make(_mutant, Dice.For(options.Seed, target.Name, run));
            byte[] input = _mutant.ToArray();
            watch.Begin(target, run, input);
            Trial trial = Trial.Of(target, input);
            watch.End();
            result.Add(trial);
            if (trial.Problem is { } problem)
            {
                _files.Write(target, run, input, problem);
                break;
            }

            if (options.Time is { } time && Stopwatch.GetElapsedTime(start) > time)
            {
                break;
            }
        }

        result.Elapsed = Stopwatch.GetElapsedTime(start);
        return result;
    }
}
