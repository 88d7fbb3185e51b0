using System.Diagnostics;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>Result of one input.</summary>
/// <param name="Outcome">Whether it was accepted.</param>
/// <param name="Problem">What is wrong, in one line; null if all rules held.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Allocated">Bytes allocated.</param>
internal readonly record struct Trial(Outcome Outcome, string? Problem, TimeSpan Time, long Allocated)
{
    private const int Attempts = 3;

    /// <summary>Runs a target with an input, and compares the cost with the limits.</summary>
    public static Trial Of(FuzzTarget target, byte[] input)
    {
        Trial best = Once(target, input);
        for (int i = 1; i < Attempts && best is { Problem: null } && best.Time > Limits.Time; i++)
        {
            Trial next = Once(target, input);
            best = next.Problem is not null || next.Time < best.Time ? next : best;
        }

        return best switch
        {
            { Problem: not null } => best,
            _ when best.Time > Limits.Time => best with { Problem = $"it takes {best.Time.TotalSeconds:0.0} s for {input.Length} bytes" },
            _ when best.Allocated > Limits.Allocation(input.Length) => best with { Problem = $"it allocates {best.Allocated / 1024} KB for {input.Length} bytes" },
            _ => best,
        };
    }

    private static Trial Once(FuzzTarget target, byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            Outcome outcome = target.Run(input);
            return new Trial(outcome, null, Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
        }
        catch (BrokenRuleException e)
        {
            return new Trial(default, OneLine(e.Message), default, 0);
        }
#pragma warning disable CA1031 // Whatever it throws is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            StackFrame? place = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(IsOwn);
            return new Trial(default, OneLine($"{e.GetType().Name}: {e.Message} in {place}"), default, 0);
        }
    }

    private static bool IsOwn(StackFrame frame) =>
        frame.GetMethod()?.DeclaringType?.FullName?.StartsWith("HepBridge.", StringComparison.Ordinal) ?? false;

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
